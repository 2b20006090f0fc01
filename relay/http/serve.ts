/**
 * Turns rows of a route table into server routes: method and path, access, request schemas checked before the handler
 * runs, and the response validated and stripped by its schema afterwards. Rows of bytes are registered by their own
 * kind.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type {
  DownloadRoute,
  JsonRoute,
  RouteDefinition,
  RouteName,
  RouteTable,
  UploadRoute,
} from '#contract/routes.ts';
import { RelayError } from '../errors.ts';
import type { RelayLimits } from '../limits.ts';
import type { Accounts, Caller } from '../services/accounts.ts';
import type { AuditLog } from '../services/audit.ts';
import type { Budgets } from '../services/budgets.ts';
import type { Turns } from '../turns.ts';
import { admit } from './access.ts';
import type { AddressOf } from './address.ts';
import type { BodyDeadlines } from './body-deadline.ts';
import type { DownloadHandler, JsonHandler, RowParts, Serve, UploadHandler } from './calls.ts';
import { downloadRow } from './download-row.ts';
import { isListReply, listChunks, sendList } from './list-answer.ts';
import { routerPath, schemaOf } from './row-schema.ts';
import { uploadRow } from './upload-row.ts';

export type { Serve } from './calls.ts';

/** Costs in units of a plain request: lists of unknown length, and searches over all people. */
const COSTS: Partial<Record<RouteName, number>> = { chats: 10, searchUsers: 5, sync: 5, music: 10, adminExport: 50 };

/** What a request asks for: the end of its path, and its query. */
function askedOf({ url }: FastifyRequest): string {
  const [path = '', query = ''] = url.split('?', 2);
  return query === '' ? (path.split('/').at(-1) ?? '') : `${path.split('/').at(-1) ?? ''}?${query}`;
}

export interface ServeParts {
  accounts: Pick<Accounts, 'authenticate'>;
  budgets: Pick<Budgets, 'request'>;
  /** Notes what an administrator looks at, before it is answered. */
  auditLog: Pick<AuditLog, 'note'>;
  turns: Turns;
  addressOf: AddressOf;
  deadlines: BodyDeadlines;
  limits: Pick<RelayLimits, 'uploadSilenceMs' | 'downloadSilenceMs' | 'lingerMs'>;
  /** Called with each row that gets a handler. */
  served: (row: RouteDefinition) => void;
}

function jsonRow(
  app: FastifyInstance,
  name: string,
  row: JsonRoute,
  handler: JsonHandler<JsonRoute>,
  { enter, callOf }: RowParts,
  turns: Turns,
): void {
  const methods = row.head ? [row.method, 'HEAD' as const] : [row.method];
  for (const method of methods) {
    app.route({
      method,
      url: routerPath(row.path),
      schema: method === 'HEAD' ? { ...schemaOf(name, row), hide: true } : schemaOf(name, row),
      config: { row },
      onRequest: enter,
      async handler(request: FastifyRequest, reply: FastifyReply) {
        // Just validated by the schema of the same row.
        const body = request.body as undefined;
        const answer = await handler(callOf(request, { body }));
        void reply.code(answer.status);
        if (isListReply(answer)) return sendList(reply, listChunks(row.answer ?? z.undefined(), answer, turns));
        return reply.headers(answer.headers ?? {}).send(answer.body);
      },
    });
  }
}

/** Creates the function that registers handlers for the rows of `table`. */
export function createServe<T extends RouteTable>(app: FastifyInstance, table: T, parts: ServeParts): Serve<T> {
  const { accounts, budgets, auditLog, turns, addressOf, deadlines, limits, served } = parts;
  const callers = new WeakMap<FastifyRequest, Caller>();

  const partsOf = (name: string, row: RouteDefinition, cost: number): RowParts => ({
    async enter(request) {
      const address = addressOf(request.raw);
      const caller = await admit(row.access, request.raw, address, accounts);
      if (!caller) return;
      await budgets.request(caller.user.id, cost);
      callers.set(request, caller);
      if (row.access !== 'admin') return;
      await auditLog.note({ userId: caller.user.id, action: name, detail: askedOf(request), address });
    },
    callOf: (request, more) => ({
      // Just validated by the schemas of the same row.
      params: request.params as undefined,
      query: request.query as undefined,
      get user() {
        const caller = callers.get(request);
        if (!caller) throw new RelayError('unauthenticated', 'Sign in first.');
        return caller.user;
      },
      get isAdmin() {
        return callers.get(request)?.scope === 'admin';
      },
      address: addressOf(request.raw),
      header: (header: string) => {
        const value = request.headers[header];
        return Array.isArray(value) ? value[0] : value;
      },
      ...more,
    }),
  });

  return (name, handler) => {
    const row: RouteDefinition | undefined = table[name];
    if (!row) throw new TypeError(`there is no row ${name}`);
    served(row);
    const common = partsOf(name, row, COSTS[name as RouteName] ?? 1);
    // The handler was type-checked against its own row; from here on only the kind is known.
    const general: unknown = handler;
    switch (row.kind) {
      case 'upload':
        return uploadRow(app, name, row, general as UploadHandler<UploadRoute>, {
          ...common,
          deadlines,
          silenceMs: limits.uploadSilenceMs,
          lingerMs: limits.lingerMs,
        });
      case 'download':
        return downloadRow(app, name, row, general as DownloadHandler<DownloadRoute>, {
          ...common,
          silenceMs: limits.downloadSilenceMs,
        });
      default:
        return jsonRow(app, name, row, general as JsonHandler<JsonRoute>, common, turns);
    }
  };
}
