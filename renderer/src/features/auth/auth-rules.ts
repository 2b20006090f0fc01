/** Shared by the sign-in and registration forms. Pure. */
import type { ErrorCode, FieldProblem } from '#contract/model/errors.ts';
import { LIMITS } from '#contract/model/limits.ts';
import { characterCount } from '#contract/model/text.ts';

/** The input carried over when the user switches between the two forms. */
export interface Typed {
  server: string;
  username: string;
  password: string;
}

/** The last account opened here, as reported by the session. */
type Last = { server: string; username: string } | null;

/** The input carried over to registration: the username of the last account is dropped, since it is taken. */
export function forNewcomer(typed: Typed, last: Last): Typed {
  return typed.username === last?.username ? { ...typed, username: '' } : typed;
}

/** The input carried back: a suggested name that was not replaced is suggested again. */
export function fromNewcomer(typed: Typed, before: Typed, last: Last): Typed {
  return typed.username === '' && before.username === last?.username ? { ...typed, username: before.username } : typed;
}

/** Must not be blank. */
export function required(value: string): FieldProblem | null {
  return value.trim() === '' ? 'required' : null;
}

/** Must not be blank, nor longer than the limit. */
export function within(limit: { max: number }): (value: string) => FieldProblem | null {
  return (value) => required(value) ?? (characterCount(value.trim()) > limit.max ? 'too_long' : null);
}

/** A password is used as typed: spaces are part of it. */
export function typedPassword(value: string): FieldProblem | null {
  if (value === '') return 'required';
  return characterCount(value) > LIMITS.password.max ? 'too_long' : null;
}

const ADDRESS_CODES: ReadonlySet<ErrorCode> = new Set([
  'bad_address',
  'not_a_relay',
  'server_unreachable',
  'server_timeout',
  'tls_failed',
  'bad_answer',
  'redirected',
]);

/** True when the error points to the server's address rather than the username or password. */
export function blamesAddress(code: ErrorCode): boolean {
  return ADDRESS_CODES.has(code);
}
