/** Builds a node: storage, services, routes and sockets put together. Listening is the caller's word. */
import helmet from '@fastify/helmet';
import Fastify, { LogController, type FastifyInstance } from 'fastify';
import { serializerCompiler } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { MAX_JSON_BYTES } from '#contract/model/limits.ts';
import type { RouteDefinition } from '#contract/routes.ts';
import { RelayError } from './errors.ts';
import { createAddressReader, readNetworks, type AddressOf } from './http/address.ts';
import { boundConnections } from './http/connections.ts';
import { collectDocs, serveDocs } from './http/docs.ts';
import { createDoor } from './http/door.ts';
import { answerClientError, answerError, installNotFound } from './http/errors.ts';
import { validationError } from './http/field-problems.ts';
import { parseJson } from './http/json.ts';
import { createServe } from './http/serve.ts';
import { openNode, type RelayNode } from './node.ts';
import { resolveOptions, type RelayOptions, type ResolvedOptions } from './options.ts';
import { adminRoutes } from './routes/admin.ts';
import { authRoutes } from './routes/auth.ts';
import { chatRoutes } from './routes/chats.ts';
import { messageRoutes } from './routes/messages.ts';
import { serviceRoutes } from './routes/service.ts';
import { userRoutes } from './routes/users.ts';
import { openGateway } from './ws/gateway.ts';

export interface Relay {
  /** @returns the address, and the port that was taken (0 asks for any free one). */
  listen(host: string, port: number): Promise<{ url: string; port: number }>;
  /** Stops as a good neighbour: see RelayOptions.limits.stopMs. Calling it again waits for the same end. */
  close(): Promise<void>;
  /** The file with the administrator's password when this start made it; null when it was known. */
  readonly newAdminPasswordFile: string | null;
  readonly log: FastifyInstance['log'];
}

/** One media type, and no charset but the one that JSON has. */
const JSON_TYPE = /^application\/json(?:\s*;\s*charset="?utf-8"?)?$/i;

function createServer(options: ResolvedOptions): FastifyInstance {
  return Fastify({
    logger: { level: options.logLevel, base: null, stream: options.logTo ?? process.stderr },
    // One line per request of our own, without addresses that carry tokens and without bodies.
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: MAX_JSON_BYTES,
    requestTimeout: options.limits.requestMs,
    keepAliveTimeout: 65_000,
    http: {
      maxHeaderSize: 16 * 1024,
      // What asks for another protocol than sockets is answered in this one.
      shouldUpgradeCallback: ({ headers }) => headers.upgrade?.toLowerCase() === 'websocket',
      headersTimeout: options.limits.requestMs,
      connectionsCheckingInterval: Math.max(50, Math.min(1000, options.limits.requestMs / 4)),
    },
    return503OnClosing: false,
    exposeHeadRoutes: false,
    routerOptions: { maxParamLength: 256, ignoreDuplicateSlashes: false, ignoreTrailingSlash: false },
    clientErrorHandler: answerClientError,
    frameworkErrors: (error, request, reply) => {
      void answerError(error, request, reply);
    },
  });
}

function readOnlyJson(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(/^application\/json/i, { parseAs: 'buffer' }, (request, body, done) => {
    if (!JSON_TYPE.test(request.headers['content-type'] ?? '') || request.headers['content-encoding'] !== undefined) {
      done(new RelayError('unsupported_media', 'The body must be application/json in UTF-8, not compressed.'));
      return;
    }
    try {
      done(null, parseJson(typeof body === 'string' ? Buffer.from(body) : body));
    } catch (error) {
      done(error instanceof Error ? error : new Error(String(error)));
    }
  });
}

function checkBySchemas(app: FastifyInstance): void {
  app.setValidatorCompiler(({ schema }) => {
    if (!(schema instanceof z.ZodType)) throw new TypeError('a route without a schema of the contract');
    return (data: unknown) => {
      const result = schema.safeParse(data);
      return result.success ? { value: result.data } : { error: validationError(result.error, data) };
    };
  });
  app.setSerializerCompiler(serializerCompiler);
  app.setErrorHandler(answerError);
}

function serveRoutes(app: FastifyInstance, node: RelayNode, addressOf: AddressOf): RouteDefinition[] {
  const served: RouteDefinition[] = [];
  const { accounts, budgets, turns } = node;
  const serve = createServe(app, { accounts, budgets, turns, addressOf, served: (row) => void served.push(row) });
  authRoutes(serve, node);
  userRoutes(serve, node);
  chatRoutes(serve, node);
  messageRoutes(serve, node);
  adminRoutes(serve, node);
  serviceRoutes(serve, node);
  return served;
}

/** Resolves once `isDone`, or after `ms` at most; answers which of the two it was. */
async function waitAtMost(ms: number, isDone: () => boolean): Promise<boolean> {
  const end = performance.now() + ms;
  while (!isDone()) {
    if (performance.now() > end) return false;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return true;
}

/**
 * Opens the folder and builds the server on it.
 * @throws StartError with one line for a person, when the folder or what is in it cannot be used.
 */
export async function buildRelay(given: RelayOptions): Promise<Relay> {
  const options = resolveOptions(given);
  const app = createServer(options);
  const door = createDoor(options);
  const proxies = readNetworks(options.trustProxy ?? []);
  const addressOf = createAddressReader(proxies);
  const node = await openNode(options, app.log);
  let closing: Promise<void> | null = null;
  let underWay = 0;

  // First, so that every refusal has them too.
  await app.register(helmet, {
    contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } },
  });
  app.addHook('onRequest', async (request, reply) => {
    void reply.header('cache-control', 'no-store');
    if (closing) {
      void reply.header('connection', 'close');
      throw new RelayError('server_closing', 'The server is stopping.', { retryAfterMs: 1000 });
    }
    const refusal = door(request.raw);
    if (refusal) throw refusal;
    node.budgets.fromAddress(addressOf(request.raw));
    underWay += 1;
    reply.raw.once('close', () => {
      underWay -= 1;
      const { method, routeOptions } = request;
      const fields = { method, route: routeOptions.url, status: reply.statusCode, ms: Math.round(reply.elapsedTime) };
      request.log.debug(fields, 'request');
    });
  });
  readOnlyJson(app);
  checkBySchemas(app);
  await collectDocs(app, node.version);
  // In a context of its own, so that the collector sees every row.
  await app.register(async (routes) => {
    installNotFound(app, serveRoutes(routes, node, addressOf));
    serveDocs(routes);
  });
  const gateway = openGateway(app.server, node, {
    door,
    addressOf,
    connections: boundConnections(app.server, options.limits.connectionsPerAddress, proxies),
    isClosing: () => closing !== null,
    onFault: (error) => app.log.error({ err: error }, 'socket failed'),
  });

  async function stop(): Promise<void> {
    app.log.info({ sockets: gateway.size, requests: underWay }, 'stopping');
    gateway.stop();
    const finished = await waitAtMost(options.limits.stopMs, () => underWay === 0 && gateway.size === 0);
    if (!finished) app.log.warn({ requests: underWay }, 'stopped with work under way');
    app.server.closeAllConnections();
    gateway.close();
    await app.close();
    await node.close();
    app.log.info('stopped');
  }

  return {
    async listen(host, port) {
      await app.listen({ host, port });
      const address = app.server.address();
      const taken = typeof address === 'object' && address !== null ? address.port : port;
      const name = host.includes(':') ? `[${host}]` : host;
      return { url: `http://${name}:${taken}`, port: taken };
    },
    close: () => (closing ??= stop()),
    newAdminPasswordFile: node.newAdminPasswordFile,
    log: app.log,
  };
}
