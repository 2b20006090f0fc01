/** What the forms of signing in and registering share. Pure. */
import type { ErrorCode, FieldProblem } from '#contract/model/errors.ts';
import { characterCount } from '#contract/model/text.ts';

/** What goes along when a person changes between the two forms. */
export interface Typed {
  server: string;
  username: string;
  password: string;
}

/** Something must stand there. */
export function required(value: string): FieldProblem | null {
  return value.trim() === '' ? 'required' : null;
}

/** Something must stand there, and no more than is taken. */
export function within(limit: { max: number }): (value: string) => FieldProblem | null {
  return (value) => required(value) ?? (characterCount(value.trim()) > limit.max ? 'too_long' : null);
}

const ADDRESS_CODES: ReadonlySet<ErrorCode> = new Set([
  'bad_address',
  'not_a_relay',
  'server_unreachable',
  'server_timeout',
  'tls_failed',
  'bad_answer',
]);

/** True when the reason points at the server's address rather than at the person's name or password. */
export function blamesAddress(code: ErrorCode): boolean {
  return ADDRESS_CODES.has(code);
}

/** The counter of a limited field, once four fifths are used; null before. */
export function counterNear(length: number, max: number): { length: number; max: number } | null {
  return length >= max * 0.8 ? { length, max } : null;
}
