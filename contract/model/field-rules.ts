/**
 * The API's field limits as plain functions, for forms that validate while the user types. The schemas in `api/` state
 * the same limits for the wire; both read `limits.ts`, and a test makes sure that their verdicts agree.
 */
import { LIMITS } from './limits.ts';
import { forbiddenInName, forbiddenInUsername, nameProblem, usernameProblem } from './names.ts';
import { characterCount, isStorableText } from './text.ts';
import type { FieldProblem } from './errors.ts';

/** The fields of the registration form. */
export const REGISTER_FIELDS = ['username', 'firstName', 'lastName', 'age', 'bio', 'password'] as const;
export type RegisterField = (typeof REGISTER_FIELDS)[number];

function lengthProblem(value: string, limit: { min: number; max: number }): FieldProblem | null {
  const length = characterCount(value.normalize('NFC'));
  if (length === 0 && limit.min > 0) return 'required';
  if (length < limit.min) return 'too_short';
  if (length > limit.max) return 'too_long';
  return null;
}

const RULES: Record<RegisterField, (value: string) => FieldProblem | null> = {
  username: (value) => lengthProblem(value, LIMITS.username) ?? usernameProblem(value),
  firstName: (value) => lengthProblem(value, LIMITS.firstName) ?? nameProblem(value),
  lastName: (value) => lengthProblem(value, LIMITS.lastName) ?? nameProblem(value),
  age: (value) => {
    if (value.trim() === '') return 'required';
    if (!/^\d+$/.test(value.trim())) return 'not_a_number';
    const age = Number(value);
    if (age < LIMITS.age.min) return 'too_small';
    return age > LIMITS.age.max ? 'too_large' : null;
  },
  bio: (value) => lengthProblem(value, LIMITS.bio) ?? (isStorableText(value) ? null : 'bad_characters'),
  password: (value) => lengthProblem(value, LIMITS.password) ?? (isStorableText(value) ? null : 'bad_characters'),
};

/**
 * What is wrong with the value of a registration field, or null. Values are the form's strings, `age` included; names
 * are taken as typed, without trimming.
 */
export function fieldProblem(field: RegisterField, value: string): FieldProblem | null {
  return RULES[field](value);
}

/** The characters that a field may not contain, each once; empty if the problem is a different one. */
export function forbiddenCharacters(field: RegisterField, value: string): string[] {
  switch (field) {
    case 'username':
      return forbiddenInUsername(value);
    case 'firstName':
    case 'lastName':
      return forbiddenInName(value);
    default:
      return [];
  }
}
