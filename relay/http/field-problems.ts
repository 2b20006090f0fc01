/** Maps schema issues to the closed set of field problems that forms understand. Pure. */
import type { z } from 'zod';
import { FIELD_PROBLEMS, type FieldProblem } from '#contract/model/errors.ts';
import { RelayError } from '../errors.ts';

type Issue = z.core.$ZodIssue;

function valueAt(data: unknown, path: readonly PropertyKey[]): unknown {
  let value = data;
  for (const key of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined;
  }
  return value;
}

function problemOf(issue: Issue, value: unknown): FieldProblem {
  if (value === undefined || value === '') return 'required';
  switch (issue.code) {
    case 'too_small':
      return issue.origin === 'string' || issue.origin === 'array' ? 'too_short' : 'too_small';
    case 'too_big':
      return issue.origin === 'string' || issue.origin === 'array' ? 'too_long' : 'too_large';
    case 'invalid_type':
      return issue.expected === 'number' || issue.expected === 'int' ? 'not_a_number' : 'invalid';
    case 'custom': {
      const named: unknown = issue.params?.problem;
      return FIELD_PROBLEMS.find((problem) => problem === named) ?? 'invalid';
    }
    default:
      return 'invalid';
  }
}

/** The refusal for schema issues: the first problem of each top-level field. */
export function validationError(error: { issues: readonly Issue[] }, data: unknown): RelayError {
  const fields: Record<string, FieldProblem> = {};
  for (const issue of error.issues) {
    const field = issue.path[0];
    if (typeof field !== 'string' || field.length > 64 || field in fields) continue;
    fields[field] = problemOf(issue, valueAt(data, issue.path));
  }
  const names = Object.keys(fields);
  const message =
    names.length > 0 ? `Not accepted: ${names.join(', ')}.` : 'The request does not have the expected shape.';
  return new RelayError('validation', message, names.length > 0 ? { fields } : {});
}
