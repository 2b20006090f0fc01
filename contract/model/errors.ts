/**
 * Everything that can go wrong, as a closed set of codes, and the Result that carries it. Screens choose their wording
 * by the code alone; `message` is for the log and contains neither content nor secrets.
 */
export const ERROR_CODES = [
  // Network and server.
  'offline',
  'server_unreachable',
  'server_timeout',
  'tls_failed',
  'server_error',
  'server_closing',
  'bad_answer',
  'redirected',
  'not_a_relay',
  'bad_address',
  // The server's verdict on the request.
  'validation',
  'wrong_credentials',
  'unauthenticated',
  'forbidden',
  'not_found',
  'username_taken',
  'conflict',
  'busy',
  'call_busy',
  'rate_limited',
  'too_large',
  'unsupported_media',
  'quota_exceeded',
  'server_full',
  'key_reused',
  // This computer.
  'not_signed_in',
  'too_many_accounts',
  'storage_failed',
  'disk_full',
  'file_unreadable',
  'file_changed',
  'file_gone',
  'file_empty',
  'file_is_folder',
  'file_is_link',
  'file_too_large',
  'too_many_files',
  'no_path',
  'secret_store_failed',
  'locked',
  'wrong_pin',
  'too_late',
  'cancelled',
  'bad_request',
  'denied',
  'unsupported_by_server',
  'internal',
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

/** What is wrong with one form field. */
export const FIELD_PROBLEMS = [
  'required',
  'too_short',
  'too_long',
  'too_small',
  'too_large',
  'not_a_number',
  'invisible',
  'bad_characters',
  'mixed_scripts',
  'lookalike',
  'taken',
  'invalid',
] as const;

export type FieldProblem = (typeof FIELD_PROBLEMS)[number];

/** A failure as it travels between services and over the bridge: plain data. */
export interface AppError {
  code: ErrorCode;
  /** For the log; never shown, never with content or secrets. */
  message: string;
  /** What is wrong, by form field. */
  fields?: Record<string, FieldProblem>;
  /** Milliseconds to wait before retrying, if the server said so. */
  retryAfterMs?: number;
}

/** A value or an error; expected failures never throw. */
export type Result<T> = { ok: true; value: T } | { ok: false; error: AppError };

/** Wraps a value. */
export function ok<T>(value: T): { ok: true; value: T } {
  return { ok: true, value };
}

/** Wraps an error. */
export function fail(
  code: ErrorCode,
  message: string,
  more: Omit<AppError, 'code' | 'message'> = {},
): { ok: false; error: AppError } {
  return { ok: false, error: { code, message, ...more } };
}

/** Closes a switch over a union: a forgotten case fails the type check, and throws if it occurs at run time. */
export function never(value: never): never {
  throw new Error(`unexpected case: ${JSON.stringify(value)}`);
}
