import type { z } from 'zod';
import { FIELD_PROBLEMS, type FieldProblem } from '#contract/model/errors.ts';

function problemOf(issue: z.core.$ZodIssue): FieldProblem {
  switch (issue.code) {
    case 'too_small':
      if (issue.origin !== 'string') return 'too_small';
      return issue.input === '' ? 'required' : 'too_short';
    case 'too_big':
      return issue.origin === 'string' ? 'too_long' : 'too_large';
    case 'invalid_type':
      if (issue.input === undefined) return 'required';
      return issue.expected === 'number' || issue.expected === 'int' ? 'not_a_number' : 'invalid';
    case 'custom': {
      const problem: unknown = issue.params?.['problem'];
      return FIELD_PROBLEMS.find((known) => known === problem) ?? 'invalid';
    }
    default:
      return 'invalid';
  }
}

/** A schema's findings as one problem per field, the first one reported. */
export function fieldProblems(error: z.ZodError): Record<string, FieldProblem> {
  const found = new Map<string, FieldProblem>();
  for (const issue of error.issues) {
    const name = issue.path.map(String).join('.').slice(0, 64);
    if (name !== '' && !found.has(name)) found.set(name, problemOf(issue));
  }
  return Object.fromEntries(found);
}
