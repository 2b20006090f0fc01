/** Builds a node from storage, services, routes and sockets. It does not listen until `listen` is called. */
import type { FastifyInstance } from 'fastify';
import { ROUTES, type RouteDefinition } from '#contract/routes.ts';
import { RelayError } from './errors.ts';
import { createAddressReader, readNetworks, type AddressOf } from './http/address.ts';
import { boundBodies, type BodyDeadlines } from './http/body-deadline.ts';
import { boundConnections } from './http/connections.ts';
import { collectDocs, serveDocs } from './http/docs.ts';
import { createDoor } from './http/door.ts';
import { cutLateBody, installNotFound } from './http/errors.ts';
import { createServe } from './http/serve.ts';
import { securityHeaders } from './http/security-headers.ts';
import { createServer } from './http/server.ts';
import { openNode, type RelayNode } from './node.ts';
import { resolveOptions, type RelayOptions } from './options.ts';
import { adminRoutes } from './routes/admin-routes.ts';
import { authRoutes } from './routes/auth-routes.ts';
import { callRoutes } from './routes/call-routes.ts';
import { chatRoutes } from './routes/chat-routes.ts';
import { fileRoutes } from './routes/file-routes.ts';
import { messageRoutes } from './routes/message-routes.ts';
import { musicRoutes } from './routes/music-routes.ts';
import { serviceRoutes } from './routes/service-routes.ts';
import { uploadRoutes } from './routes/upload-routes.ts';
import { userRoutes } from './routes/user-routes.ts';
import { openGateway } from './ws/gateway.ts';

/** Connections waiting to be accepted: everybody reconnects at once after a restart. Linux cuts it to somaxconn. */
const BACKLOG = 4096;

export interface Relay {
  /** @returns the address and the actual port (0 picks any free one). */
  listen(host: string, port: number): Promise<{ url: string; port: number }>;
  /** Graceful stop, see RelayOptions.limits.stopMs. Further calls wait for the same stop. */
  close(): Promise<void>;
  /** The file with the administrator's password if this start generated one, otherwise null. */
  readonly newAdminPasswordFile: string | null;
  readonly log: FastifyInstance['log'];
}

function serveRoutes(
  app: FastifyInstance,
  node: RelayNode,
  addressOf: AddressOf,
  deadlines: BodyDeadlines,
): RouteDefinition[] {
  const served: RouteDefinition[] = [];
  const { accounts, budgets, auditLog, turns, limits } = node;
  const parts = { accounts, budgets, auditLog, turns, addressOf, deadlines, limits };
  const serve = createServe(app, ROUTES, { ...parts, served: (row) => void served.push(row) });
  authRoutes(serve, node);
  userRoutes(serve, node);
  chatRoutes(serve, node);
  messageRoutes(serve, node);
  callRoutes(serve, node);
  fileRoutes(serve, node);
  uploadRoutes(serve, node);
  musicRoutes(serve, node);
  adminRoutes(serve, node);
  serviceRoutes(serve, node);
  return served;
}

/** Waits until `isDone`, or for `ms` milliseconds at most; returns whether it was done. */
async function waitAtMost(ms: number, isDone: () => boolean): Promise<boolean> {
  const end = performance.now() + ms;
  while (!isDone()) {
    if (performance.now() > end) return false;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return true;
}

/**
 * Opens the data folder and builds the server on it.
 * @throws StartError with a one-line message for the user when the folder or its contents cannot be used.
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

  // Set first, so that refusals carry these headers too.
  const guarding = await securityHeaders();
  app.addHook('onRequest', async (request, reply) => {
    void reply.headers(guarding);
    void reply.header('cache-control', 'no-store');
    if (closing) {
      void reply.header('connection', 'close');
      throw new RelayError('server_closing', 'The server is stopping.', { retryAfterMs: 1000 });
    }
    const refusal = door(request.raw);
    if (refusal) throw refusal;
    // Counted before anything is awaited: a stop in the meantime waits for it.
    underWay += 1;
    reply.raw.once('close', () => {
      underWay -= 1;
      const { method, routeOptions } = request;
      const fields = { method, route: routeOptions.url, status: reply.statusCode, ms: Math.round(reply.elapsedTime) };
      request.log.debug(fields, 'request');
    });
    await node.budgets.fromAddress(addressOf(request.raw));
  });
  await collectDocs(app, node.version);
  // In its own plugin context, so that the docs collector sees every route.
  const deadlines = boundBodies(app.server, options.limits.requestMs, cutLateBody);
  await app.register(async (routes) => {
    installNotFound(app, serveRoutes(routes, node, addressOf, deadlines));
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
      await app.listen({ host, port, backlog: BACKLOG });
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
