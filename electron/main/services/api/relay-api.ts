/**
 * The operations of routes.ts as calls: validated before they are sent, opened and validated when they are answered.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Chat } from '#contract/api/chat.ts';
import {
  type JsonRouteName,
  type RouteAnswer,
  type RouteDefinition,
  type RouteInput,
  type RouteName,
  routeOf,
} from '#contract/routes.ts';
import type { ApiOptions, ApiOutcome, RelayApi } from '../ports.ts';
import { openAnswer, openLongAnswer } from './answer.ts';
import {
  aimCall,
  commonHeaders,
  type Given,
  noAnswer,
  readAnswer,
  refusedBy,
  type RelayApiOptions,
} from './call-parts.ts';
import type { HttpAnswer } from './connection.ts';
import { ANSWER_TIMEOUT_MS } from './http-client.ts';
import { LIST_TIMEOUT_MS, openLongList } from './long-list.ts';
import { createTransferCalls } from './transfer-api.ts';

export type { PathOverrides, RelayApiOptions } from './call-parts.ts';

/** Characters from which an answer is checked in slices. */
const LONG_ANSWER = 64 * 1024;

/** Creates a client of one server, for one token. */
export function createRelayApi(options: RelayApiOptions): RelayApi {
  const { http, clock, logger, token } = options;

  async function readSuccess<N extends RouteName>(name: N, route: RouteDefinition, answer: HttpAnswer) {
    type Value = RouteAnswer<N>;
    if (route.answer === null) return { ok: true as const, value: undefined as Value, status: answer.status };
    const isLong = answer.text.length > LONG_ANSWER;
    const opened = await readAnswer(options, name, answer, (schema, json) =>
      isLong ? openLongAnswer(schema, json, nextTurn) : openAnswer(schema, json),
    );
    if (!opened.ok) return opened;
    const value = opened.value as Value;
    if (opened.dropped.length === 0) return { ok: true as const, value, status: answer.status };
    logger.warn('api.answer_mended', { route: name, dropped: opened.dropped });
    return { ok: true as const, value, status: answer.status, dropped: opened.dropped.length };
  }

  async function call<N extends JsonRouteName>(
    name: N,
    input: RouteInput<N>,
    callOptions: ApiOptions = {},
  ): Promise<ApiOutcome<RouteAnswer<N>>> {
    const route = routeOf(name);
    const given: Given = input;
    const aimed = aimCall(options, name, route, given);
    if ('ok' in aimed) return aimed;
    const { url, body } = aimed;
    const headers: Record<string, string> = { Accept: 'application/json', ...commonHeaders(route, token) };
    if (body !== undefined) headers['Content-Type'] = 'application/json';
    const started = clock.monotonic();
    const isList = name === 'chats' && callOptions.take !== undefined;
    const list = callOptions.take && isList ? openLongList('chats', Chat, callOptions.take) : null;
    const asked = {
      method: route.method,
      url,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      timeoutMs: callOptions.timeoutMs ?? (list ? LIST_TIMEOUT_MS : ANSWER_TIMEOUT_MS),
      ...(callOptions.signal ? { signal: callOptions.signal } : {}),
      // At once: a long list is taken as it arrives, and what it contains is dated by this clock.
      onHeaders: (header: HttpAnswer['header']) => options.onDate?.(header('date')),
    };
    const outcome = list ? await http.stream(asked, (text) => list.push(text)) : await http.request(asked);
    const took = Math.round(clock.monotonic() - started);

    if (!outcome.answered) return noAnswer(options, name, outcome.end, took);
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
    return refusedBy(options, name, route, answer);
  }

  return { call, ...createTransferCalls(options) };
}
