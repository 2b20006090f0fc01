/**
 * Turns rows of the route table into routes of the server: method and path, who may call, the schemas checked before
 * the handler runs, and the answer checked and cut to its schema after it.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest, FastifySchema } from 'fastify';
import { z } from 'zod';
import { ErrorAnswer, type ApiErrorCode } from '#contract/api/error.ts';
import {
  routeOf,
  type RouteAnswer,
  type RouteBody,
  type RouteDefinition,
  type RouteName,
  type RouteParams,
  type RouteQuery,
} from '#contract/routes.ts';
import { RelayError, STATUS_OF } from '../errors.ts';
import type { UserRow } from '../records.ts';
import type { Accounts, Caller } from '../services/accounts.ts';
import type { Budgets } from '../services/budgets.ts';
import type { Turns } from '../turns.ts';
import { admit } from './access.ts';
import type { AddressOf } from './address.ts';
import { isListReply, listChunks, sendList, type ListReply } from './list-answer.ts';

/** One call, already let in and checked. */
interface Call<N extends RouteName> {
  params: RouteParams<N>;
  query: RouteQuery<N>;
  body: RouteBody<N>;
  /** Who asks. Only for rows that are not public: there it throws. */
  readonly user: UserRow;
  /** Where the request came from, as the limits count it. */
  address: string;
  header: (name: string) => string | undefined;
}

/** What a handler answers: its status and what the table says of the body. */
interface Reply<N extends RouteName> {
  status: number;
  body: RouteAnswer<N>;
}

type AnyReply<N extends RouteName> = Reply<N> | ListReply<RouteAnswer<N>>;
type Handler<N extends RouteName> = (call: Call<N>) => AnyReply<N> | Promise<AnyReply<N>>;
export type Serve = <N extends RouteName>(name: N, handler: Handler<N>) => void;

/** `/users/{id}` as the router writes it. */
function routerPath(path: string): string {
  return `/api${path.replace(/\{(\w+)\}/g, ':$1')}`;
}

/** Every error a row can answer with, by status: its own, and those that any row has. */
function errorCodes(row: RouteDefinition): ApiErrorCode[] {
  const always: ApiErrorCode[] = ['forbidden', 'wrong_host', 'rate_limited', 'server_closing', 'server_error'];
  if (row.access !== 'public') always.push('unauthenticated');
  if (row.params || row.query || row.body) always.push('validation');
  if (row.body) always.push('bad_request', 'too_large', 'unsupported_media');
  return [...new Set([...row.errors, ...always])];
}

function schemaOf(name: RouteName, row: RouteDefinition): FastifySchema {
  const response: Record<string, z.ZodType> = {};
  for (const code of errorCodes(row)) response[STATUS_OF[code]] = ErrorAnswer;
  for (const status of row.success) response[status] = row.answer ?? z.undefined();
  return {
    operationId: name,
    summary: row.summary,
    tags: [row.path.split('/')[1] ?? 'relay'],
    ...(row.access === 'public' ? {} : { security: [{ bearer: [] }] }),
    ...(row.params ? { params: row.params } : {}),
    ...(row.query ? { querystring: row.query } : {}),
    ...(row.body ? { body: row.body } : {}),
    response,
  };
}

/** What a request of a row asks of the node, in plain requests: lists of unknown length and looks through all people. */
const COSTS: Partial<Record<RouteName, number>> = { chats: 10, searchUsers: 5, sync: 5 };

export interface ServeParts {
  accounts: Accounts;
  budgets: Budgets;
  turns: Turns;
  addressOf: AddressOf;
  /** Is told each row that got a handler. */
  served: (row: RouteDefinition) => void;
}

export function createServe(app: FastifyInstance, { accounts, budgets, turns, addressOf, served }: ServeParts): Serve {
  const callers = new WeakMap<FastifyRequest, Caller>();

  return <N extends RouteName>(name: N, handler: Handler<N>) => {
    const row = routeOf(name);
    served(row);
    app.route({
      method: row.method,
      url: routerPath(row.path),
      schema: schemaOf(name, row),
      // Before the body is read: a stranger's bytes are not worth it.
      async onRequest(request: FastifyRequest) {
        const caller = await admit(row.access, request.raw, addressOf(request.raw), accounts);
        if (!caller) return;
        budgets.request(caller.user.id, COSTS[name] ?? 1);
        callers.set(request, caller);
      },
      async handler(request: FastifyRequest, reply: FastifyReply) {
        const answer = await handler({
          // The schemas of the same row have just made these.
          params: request.params as RouteParams<N>,
          query: request.query as RouteQuery<N>,
          body: request.body as RouteBody<N>,
          get user() {
            const caller = callers.get(request);
            if (!caller) throw new RelayError('unauthenticated', 'Sign in first.');
            return caller.user;
          },
          address: addressOf(request.raw),
          header: (header) => {
            const value = request.headers[header];
            return Array.isArray(value) ? value[0] : value;
          },
        });
        void reply.code(answer.status);
        if (!isListReply(answer)) return reply.send(answer.body);
        return sendList(reply, listChunks(row.answer ?? z.undefined(), answer, turns));
      },
    });
  };
}
