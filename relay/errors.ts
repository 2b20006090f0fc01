/**
 * A refusal reported to the caller: an API error code, a message without user content, and the problem of each field.
 */
import type { ApiErrorCode, NodeError } from '#contract/api/error.ts';
import type { FieldProblem } from '#contract/model/errors.ts';

/** The HTTP status of each code. */
export const STATUS_OF: Record<ApiErrorCode, number> = {
  bad_request: 400,
  validation: 400,
  unauthenticated: 401,
  wrong_credentials: 401,
  forbidden: 403,
  not_found: 404,
  method_not_allowed: 405,
  timed_out: 408,
  username_taken: 409,
  conflict: 409,
  busy: 409,
  too_large: 413,
  unsupported_media: 415,
  range_not_satisfiable: 416,
  wrong_host: 421,
  key_reused: 422,
  rate_limited: 429,
  quota_exceeded: 507,
  disk_full: 507,
  server_closing: 503,
  server_error: 500,
};

interface Details {
  fields?: Record<string, FieldProblem>;
  /** Milliseconds until a retry makes sense. */
  retryAfterMs?: number;
  /** Bytes: where an upload goes on. */
  offset?: number;
}

/** Thrown by services and handlers; becomes an error response or an `error` frame. */
export class RelayError extends Error {
  readonly code: ApiErrorCode;
  readonly statusCode: number;
  readonly fields: Record<string, FieldProblem> | undefined;
  readonly retryAfterMs: number | undefined;
  readonly offset: number | undefined;

  constructor(code: ApiErrorCode, message: string, details: Details = {}) {
    super(message);
    this.name = 'RelayError';
    this.code = code;
    this.statusCode = STATUS_OF[code];
    this.fields = details.fields;
    this.retryAfterMs = details.retryAfterMs;
    this.offset = details.offset;
  }
}

/** The response body of a refusal. */
export function errorAnswer(error: RelayError): NodeError {
  const { code, message, fields, offset } = error;
  return { error: fields ? { code, message, fields } : { code, message }, ...(offset === undefined ? {} : { offset }) };
}

/** A field that is well-formed but not acceptable. */
export function invalidField(field: string, problem: FieldProblem, message: string): RelayError {
  return new RelayError('validation', message, { fields: { [field]: problem } });
}
