/** What the forms of signing in and registering share. Pure. */
import type { ErrorCode, FieldProblem } from '#contract/model/errors.ts';
import { LIMITS } from '#contract/model/limits.ts';
import { characterCount } from '#contract/model/text.ts';

/** What goes along when a person changes between the two forms. */
export interface Typed {
  server: string;
  username: string;
  password: string;
}

/** Whose account was open here last, as the session tells it. */
type Last = { server: string; username: string } | null;

/** What goes along to registering: the name of the last account is taken, by that account. */
export function forNewcomer(typed: Typed, last: Last): Typed {
  return typed.username === last?.username ? { ...typed, username: '' } : typed;
}

/** What comes back from there: an offered name that was not replaced by another one is offered again. */
export function fromNewcomer(typed: Typed, before: Typed, last: Last): Typed {
  return typed.username === '' && before.username === last?.username ? { ...typed, username: before.username } : typed;
}

/** Something must stand there. */
export function required(value: string): FieldProblem | null {
  return value.trim() === '' ? 'required' : null;
}

/** Something must stand there, and no more than is taken. */
export function within(limit: { max: number }): (value: string) => FieldProblem | null {
  return (value) => required(value) ?? (characterCount(value.trim()) > limit.max ? 'too_long' : null);
}

/** A password is taken as it was typed: blanks are characters of it. */
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

/** True when the reason points at the server's address rather than at the person's name or password. */
export function blamesAddress(code: ErrorCode): boolean {
  return ADDRESS_CODES.has(code);
}
