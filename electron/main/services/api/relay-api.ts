/** The operations of routes.ts as calls: checked before they leave, opened and checked when they come back. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { z } from 'zod';
import { type AppError, fail } from '#contract/model/errors.ts';
import { type RouteAnswer, type RouteDefinition, type RouteInput, type RouteName, routeOf } from '#contract/routes.ts';
import { httpDate } from '../../lib/http-date.ts';
import { parseWireJson } from '../../lib/wire-json.ts';
import type { ApiOptions, ApiOutcome, Clock, Effect, Logger, RelayApi } from '../ports.ts';
import { openAnswer, openLongAnswer } from './answer.ts';
import { Chat } from '#contract/api/chat.ts';
import { classifyEnd } from './failure.ts';
import { fieldProblems } from './field-problems.ts';
import { ANSWER_TIMEOUT_MS, type HttpAnswer, type HttpClient } from './http-client.ts';
import { LIST_TIMEOUT_MS, openLongList } from './long-list.ts';
import { classifyStatus } from './status.ts';

/** Another path, below `/api`, in the place of the table's; parameters in braces. */
export type PathOverrides = Partial<Record<RouteName, string>>;

export interface RelayApiOptions {
  http: HttpClient;
  clock: Clock;
  logger: Logger;
  /** Scheme, host and port. */
  server: string;
  /** Null: only what is public can be called. Goes into the Authorization header of this server, and nowhere else. */
  token: string | null;
  paths?: PathOverrides;
  /** The server refused the token. */
  onTokenRefused?: () => void;
  /** Hears the `Date` of every answer. */
  onDate?: (date: string | undefined) => void;
}

type Failed = { ok: false; error: AppError; effect: Effect };

const USER_AGENT = 'relay-desktop';
/** Characters from which an answer is checked a slice at a time. */
const LONG_ANSWER = 64 * 1024;

function refuse(code: AppError['code'], message: string, more: Partial<AppError> = {}): Failed {
  return { ...fail(code, message, more), effect: 'not_stored' };
}

/** What a caller may give, as its general type. */
interface Given {
  params?: unknown;
  query?: unknown;
  body?: unknown;
}

type Part = 'params' | 'query' | 'body';

/** Checks one part of a request against its row. The value is sent as it was given, without what the row does not name. */
function checkPart(route: RouteDefinition, part: Part, given: unknown): { value: unknown } | Failed {
  const schema: z.ZodType | undefined = route[part];
  if (!schema) return { value: undefined };
  const parsed = schema.safeParse(given, { reportInput: true });
  if (parsed.success) return { value: parsed.data };
  return refuse('validation', `${part} does not fit the operation`, { fields: fieldProblems(parsed.error) });
}

/** The operation's address, or null when it would lead to another server. */
function addressOf(server: string, path: string, params: unknown, query: unknown): URL | null {
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

/** A client of one server, for one token. */
export function createRelayApi(options: RelayApiOptions): RelayApi {
  const { http, clock, logger, server, token } = options;

  async function readSuccess<N extends RouteName>(name: N, route: RouteDefinition, answer: HttpAnswer) {
    type Value = RouteAnswer<N>;
    const empty = route.answer === null;
    if (empty) return { ok: true as const, value: undefined as Value, status: answer.status };
    const broken = (reason: string): Failed => {
      logger.warn('api.answer_refused', { route: name, status: answer.status, reason });
      return { ...fail('bad_answer', reason), effect: 'unknown' };
    };
    let json: unknown;
    try {
      json = parseWireJson(answer.text);
    } catch {
      return broken('no JSON');
    }
    if (!route.answer) return broken('no schema');
    const isLong = answer.text.length > LONG_ANSWER;
    const opened = isLong ? await openLongAnswer(route.answer, json, nextTurn) : openAnswer(route.answer, json);
    if (!opened.ok) return broken(opened.reason);
    const value = opened.value as Value;
    if (opened.dropped.length === 0) return { ok: true as const, value, status: answer.status };
    logger.warn('api.answer_mended', { route: name, dropped: opened.dropped });
    return { ok: true as const, value, status: answer.status, dropped: opened.dropped.length };
  }

  async function call<N extends RouteName>(
    name: N,
    input: RouteInput<N>,
    callOptions: ApiOptions = {},
  ): Promise<ApiOutcome<RouteAnswer<N>>> {
    const route = routeOf(name);
    const given: Given = input;
    if (route.access !== 'public' && token === null) return refuse('unauthenticated', 'no token');
    const params = checkPart(route, 'params', given.params);
    if ('ok' in params) return params;
    const query = checkPart(route, 'query', given.query ?? {});
    if ('ok' in query) return query;
    const body = checkPart(route, 'body', given.body);
    if ('ok' in body) return body;
    const url = addressOf(server, options.paths?.[name] ?? route.path, params.value, query.value);
    if (!url) return refuse('bad_address', 'the path leads nowhere on this server');

    const headers: Record<string, string> = { Accept: 'application/json', 'User-Agent': USER_AGENT };
    if (body.value !== undefined) headers['Content-Type'] = 'application/json';
    if (route.access !== 'public' && token !== null) headers['Authorization'] = `Bearer ${token}`;
    const started = clock.monotonic();
    const isList = name === 'chats' && callOptions.take !== undefined;
    const list = callOptions.take && isList ? openLongList('chats', Chat, callOptions.take) : null;
    const asked = {
      method: route.method,
      url,
      headers,
      ...(body.value === undefined ? {} : { body: JSON.stringify(body.value) }),
      timeoutMs: callOptions.timeoutMs ?? (list ? LIST_TIMEOUT_MS : ANSWER_TIMEOUT_MS),
      ...(callOptions.signal ? { signal: callOptions.signal } : {}),
      // At once: a long list is taken while it comes, and what it holds is dated by this clock.
      onHeaders: (header: HttpAnswer['header']) => options.onDate?.(header('date')),
    };
    const outcome = list ? await http.stream(asked, (text) => list.push(text)) : await http.request(asked);
    const took = Math.round(clock.monotonic() - started);

    if (!outcome.answered) {
      const { code, effect } = classifyEnd(outcome.end);
      logger.info('api.no_answer', {
        route: name,
        code,
        effect,
        cause: outcome.end.cause,
        system: outcome.end.systemCode,
        took,
      });
      return { ...fail(code, outcome.end.systemCode || outcome.end.cause), effect };
    }
    const { answer } = outcome;
    logger.debug('api.answered', { route: name, status: answer.status, took });
    if (answer.status >= 200 && answer.status < 300) {
      if (!list) return readSuccess(name, route, answer);
      const around = { ...answer, text: JSON.stringify(await list.end()) };
      const opened = await readSuccess(name, route, around);
      if (!opened.ok) return opened;
      const { dropped, isWhole } = list;
      if (!isWhole || dropped > 0) logger.warn('api.list_cut', { route: name, whole: isWhole, dropped, took });
      return { ...opened, dropped: (opened.dropped ?? 0) + dropped, cut: !isWhole || dropped > 0 };
    }
    const refused = classifyStatus(
      { status: answer.status, body: answer.text, retryAfter: answer.header('retry-after') },
      route.access,
      // A date of the server is compared with the server's own clock.
      httpDate(answer.header('date')) ?? clock.now(),
    );
    logger.info('api.refused', {
      route: name,
      status: answer.status,
      code: refused.error.code,
      effect: refused.effect,
    });
    if (answer.status === 401 && route.access !== 'public') options.onTokenRefused?.();
    return { ok: false, ...refused };
  }

  return { call };
}
