/** What an error status means: its code for the screens, and whether the server may have acted. */
import { API_ERROR_CODES, type ApiErrorCode, ErrorAnswer } from '#contract/api/error.ts';
import type { RouteAccess } from '#contract/routes.ts';
import { type AppError, type ErrorCode, FIELD_PROBLEMS, type FieldProblem } from '#contract/model/errors.ts';
import { httpDate } from '../../lib/http-date.ts';
import type { Effect } from '../ports.ts';

/** Each code of an error answer: its status, and its name on the screens. */
const API_CODES: Record<ApiErrorCode, { status: number; code: ErrorCode }> = {
  bad_request: { status: 400, code: 'validation' },
  validation: { status: 400, code: 'validation' },
  unauthenticated: { status: 401, code: 'unauthenticated' },
  wrong_credentials: { status: 401, code: 'wrong_credentials' },
  forbidden: { status: 403, code: 'forbidden' },
  not_found: { status: 404, code: 'not_found' },
  method_not_allowed: { status: 405, code: 'unsupported_by_server' },
  timed_out: { status: 408, code: 'server_timeout' },
  username_taken: { status: 409, code: 'username_taken' },
  conflict: { status: 409, code: 'conflict' },
  busy: { status: 409, code: 'busy' },
  too_large: { status: 413, code: 'too_large' },
  unsupported_media: { status: 415, code: 'unsupported_media' },
  range_not_satisfiable: { status: 416, code: 'bad_answer' },
  wrong_host: { status: 421, code: 'not_a_relay' },
  key_reused: { status: 422, code: 'key_reused' },
  rate_limited: { status: 429, code: 'rate_limited' },
  quota_exceeded: { status: 507, code: 'quota_exceeded' },
  disk_full: { status: 507, code: 'server_full' },
  server_closing: { status: 503, code: 'server_closing' },
  server_error: { status: 500, code: 'server_error' },
};

/** By status alone, for servers whose errors carry none of our codes. */
const BY_STATUS: Record<number, ErrorCode> = {
  400: 'validation',
  401: 'unauthenticated',
  403: 'forbidden',
  404: 'not_found',
  405: 'unsupported_by_server',
  408: 'server_timeout',
  409: 'conflict',
  410: 'not_found',
  413: 'too_large',
  415: 'unsupported_media',
  422: 'validation',
  429: 'rate_limited',
  501: 'unsupported_by_server',
  507: 'server_full',
};

/** Statuses after which the server has certainly stored nothing, with or without a body. */
const NEVER_STORED = new Set([401, 403, 413, 415, 422, 429]);

/** Redirects. None is followed: the token is for this server. */
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/** No header makes the app wait longer than a day. */
const LONGEST_WAIT_MS = 24 * 60 * 60 * 1000;

function isApiCode(code: string): code is ApiErrorCode {
  return API_ERROR_CODES.some((known) => known === code);
}

function isFieldProblem(text: string): text is FieldProblem {
  return FIELD_PROBLEMS.some((known) => known === text);
}

/**
 * `Retry-After` in milliseconds from `now` (milliseconds since the epoch): seconds or a date, at most a day, never
 * negative; null if it is missing or invalid.
 */
export function retryAfterMs(header: string | undefined, now: number): number | null {
  const text = header?.trim() ?? '';
  if (/^\d{1,10}$/.test(text)) return Math.min(Number(text) * 1000, LONGEST_WAIT_MS);
  const at = httpDate(text);
  return at === null ? null : Math.min(Math.max(at - now, 0), LONGEST_WAIT_MS);
}

/** The error in a body, if it is an error answer. */
function readError(body: string): ErrorAnswer['error'] | null {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    return null;
  }
  const parsed = ErrorAnswer.safeParse(json);
  return parsed.success ? parsed.data.error : null;
}

/** Field problems that the screens have texts for; another server's become `invalid`. */
function readFields(fields: Record<string, string> | undefined): Record<string, FieldProblem> | undefined {
  if (!fields) return undefined;
  const known = Object.entries(fields)
    .filter(([name]) => /^[A-Za-z][A-Za-z0-9_.]{0,63}$/.test(name))
    .slice(0, 50)
    .map(([name, problem]): [string, FieldProblem] => [name, isFieldProblem(problem) ? problem : 'invalid']);
  return known.length > 0 ? Object.fromEntries(known) : undefined;
}

/** A body's code counts only if it fits the status: `unauthenticated` under 500 would sign the user out. */
function codeOf(status: number, access: RouteAccess, apiCode: string | undefined): ErrorCode {
  if (apiCode !== undefined && isApiCode(apiCode)) {
    const known = API_CODES[apiCode];
    const closeTo = status >= 400 && status < 500 && known.status >= 400 && known.status < 500;
    const aboutAuth = [401, 403].includes(status) || [401, 403].includes(known.status);
    if (known.status === status || (closeTo && !aboutAuth)) return known.code;
  }
  if (status === 401 && access === 'public') return 'wrong_credentials';
  if (REDIRECTS.has(status)) return 'redirected';
  return BY_STATUS[status] ?? (status >= 500 ? 'server_error' : 'bad_answer');
}

function effectOf(status: number, code: ErrorCode, body: string): Effect {
  if (NEVER_STORED.has(status)) return 'not_stored';
  if (status === 503 && code === 'server_closing') return 'not_stored';
  // A 4xx without a body may come from a proxy that had already passed the request on.
  if (status >= 400 && status < 500 && body.trim() !== '') return 'not_stored';
  return 'unknown';
}

/**
 * Interprets an error answer.
 * @param now milliseconds since the epoch by the server's clock, for a `Retry-After` that is a date.
 */
export function classifyStatus(
  answer: { status: number; body: string; retryAfter: string | undefined },
  access: RouteAccess,
  now: number,
): { error: AppError; effect: Effect } {
  const apiError = readError(answer.body);
  const code = codeOf(answer.status, access, apiError?.code);
  const wait = retryAfterMs(answer.retryAfter, now);
  const fields = readFields(apiError?.fields);
  return {
    error: {
      code,
      message: `status ${String(answer.status)}${apiError && isApiCode(apiError.code) ? ` ${apiError.code}` : ''}`,
      ...(fields ? { fields } : {}),
      ...(wait === null ? {} : { retryAfterMs: wait }),
    },
    effect: effectOf(answer.status, code, answer.body),
  };
}
