import type { ChannelInput } from '#contract/ipc/channels.ts';
import type { FieldProblem } from '#contract/model/errors.ts';
import { fieldProblem } from '#contract/model/field-rules.ts';

/** What is wrong with the fields of a registration, before anything is sent. */
export function registerProblems(input: ChannelInput<'accounts.register'>): Record<string, FieldProblem> {
  const typed = { ...input, age: String(input.age) };
  const fields = ['username', 'firstName', 'lastName', 'age', 'bio', 'password'] as const;
  return Object.fromEntries(
    fields.flatMap((field) => {
      const problem = fieldProblem(field, typed[field]);
      return problem ? [[field, problem] as const] : [];
    }),
  );
}
