/** Shared by JSON calls and byte streams: validated parts, addresses on one server, and what a failure means. */
import type { z } from 'zod';
import { type AppError, fail } from '#contract/model/errors.ts';
import { type RouteDefinition, type RouteName, routeOf } from '#contract/routes.ts';
import { httpDate } from '../../lib/http-date.ts';
import { parseWireJson } from '../../lib/wire-json.ts';
import type { Clock, Effect, Logger } from '../ports.ts';
import { openAnswer, type OpenedAnswer } from './answer.ts';
import type { HttpAnswer } from './connection.ts';
import { classifyEnd, type RequestEnd } from './failure.ts';
import { fieldProblems } from './field-problems.ts';
import type { HttpClient } from './http-client.ts';
import { classifyStatus } from './status.ts';

/** Other paths in place of the table's; below `/api`, parameters in braces. */
export type PathOverrides = Partial<Record<RouteName, string>>;

export interface RelayApiOptions {
  http: HttpClient;
  clock: Clock;
  logger: Logger;
  /** Scheme, host and port. */
  server: string;
  /** Null: only public operations can be called. Sent in the Authorization header to this server, and nowhere else. */
  token: string | null;
  paths?: PathOverrides;
  /** The server refused the token. */
  onTokenRefused?: () => void;
  /** Receives the `Date` of every answer. */
  onDate?: (date: string | undefined) => void;
}

export type Failed = { ok: false; error: AppError; effect: Effect };

const USER_AGENT = 'relay-desktop';
/** The outcome of a call that was not sent. */
export function refuse(code: AppError['code'], message: string, more: Partial<AppError> = {}): Failed {
  return { ...fail(code, message, more), effect: 'not_stored' };
}

/** What a caller may pass, as its general type. */
export interface Given {
  params?: unknown;
  query?: unknown;
  body?: unknown;
}

type Part = 'params' | 'query' | 'body';

/**
 * Validates one part of a request against its row. The parsed value is sent, without anything the row does not name.
 */
export function checkPart(route: RouteDefinition, part: Part, given: unknown): { value: unknown } | Failed {
  const schema: z.ZodType | undefined = route[part];
  if (!schema) return { value: undefined };
  const parsed = schema.safeParse(given, { reportInput: true });
  if (parsed.success) return { value: parsed.data };
  return refuse('validation', `${part} does not fit the operation`, { fields: fieldProblems(parsed.error) });
}

/** The operation's URL; null if a parameter is missing or it would lead to another server. */
export function addressOf(server: string, path: string, params: unknown, query: unknown): URL | null {
  const values = new Map<string, unknown>(Object.entries(params ?? {}));
  let complete = true;
  const filled = path.replace(/\{(\w+)\}/g, (_whole, name: string) => {
    const value = values.get(name);
    if (typeof value !== 'string' || value === '' || value === '.' || value === '..') complete = false;
    return encodeURIComponent(String(value));
  });
  if (!complete || !/^\/(?!\/)/.test(filled) || !URL.canParse(`${server}/api${filled}`)) return null;
  const url = new URL(`${server}/api${filled}`);
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== undefined) url.searchParams.set(name, String(value));
  }
  const home = new URL(server);
  return url.origin === home.origin && url.pathname.startsWith('/api/') ? url : null;
}

/** Headers of every request: the user agent, and for an account its token. */
export function commonHeaders(route: RouteDefinition, token: string | null): Record<string, string> {
  return {
    'User-Agent': USER_AGENT,
    ...(route.access !== 'public' && token !== null ? { Authorization: `Bearer ${token}` } : {}),
  };
}

/** Where a call goes: validated against its row, on this server and no other; or why it is not sent. */
export function aimCall(
  { server, token, paths }: RelayApiOptions,
  name: RouteName,
  route: RouteDefinition,
  given: Given,
): { url: URL; body: unknown } | Failed {
  if (route.access !== 'public' && token === null) return refuse('unauthenticated', 'no token');
  const params = checkPart(route, 'params', given.params);
  if ('ok' in params) return params;
  const query = checkPart(route, 'query', given.query ?? {});
  if ('ok' in query) return query;
  const body = checkPart(route, 'body', given.body);
  if ('ok' in body) return body;
  const url = addressOf(server, paths?.[name] ?? route.path, params.value, query.value);
  return url ? { url, body: body.value } : refuse('bad_address', 'the path leads nowhere on this server');
}

/** The outcome of a successful answer that is unusable. @param reason never quotes the answer. */
export function broken({ logger }: RelayApiOptions, name: RouteName, status: number, reason: string): Failed {
  logger.warn('api.answer_refused', { route: name, status, reason });
  return { ...fail('bad_answer', reason), effect: 'unknown' };
}

/**
 * Reads the JSON of a successful answer with `open`, which validates it against the row's schema.
 * @returns what was opened, or why the answer is unusable.
 */
export async function readAnswer(
  options: RelayApiOptions,
  name: RouteName,
  { status, text }: HttpAnswer,
  open: (schema: z.ZodObject, json: unknown) => OpenedAnswer | Promise<OpenedAnswer> = openAnswer,
): Promise<Extract<OpenedAnswer, { ok: true }> | Failed> {
  let json: unknown;
  try {
    json = parseWireJson(text);
  } catch {
    return broken(options, name, status, 'no JSON');
  }
  const schema = routeOf(name).answer;
  if (!schema) return broken(options, name, status, 'no schema');
  const opened = await open(schema, json);
  return opened.ok ? opened : broken(options, name, status, opened.reason);
}

/** The outcome of a request without an answer. @param took in milliseconds. */
export function noAnswer({ logger }: RelayApiOptions, name: RouteName, end: RequestEnd, took: number): Failed {
  const { code, effect } = classifyEnd(end);
  logger.info('api.no_answer', { route: name, code, effect, cause: end.cause, system: end.systemCode, took });
  return { ...fail(code, end.failure?.message ?? (end.systemCode || end.cause)), effect };
}

/** The outcome of an error answer. */
export function refusedBy(
  { clock, logger, onTokenRefused }: RelayApiOptions,
  name: RouteName,
  route: RouteDefinition,
  answer: HttpAnswer,
): Failed {
  const refused = classifyStatus(
    { status: answer.status, body: answer.text, retryAfter: answer.header('retry-after') },
    route.access,
    // The server's date is compared with the server's own clock.
    httpDate(answer.header('date')) ?? clock.now(),
  );
  logger.info('api.refused', {
    route: name,
    status: answer.status,
    code: refused.error.code,
    effect: refused.effect,
  });
  if (answer.status === 401 && route.access !== 'public') onTokenRefused?.();
  return { ok: false, ...refused };
}
