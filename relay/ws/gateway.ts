/** Accepts sockets: handles upgrades at `/ws`, tracks connections, sends pings, and closes everything on stop. */
import { STATUS_CODES, type IncomingMessage, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { CLOSE_CODES } from '#contract/ws/server-frames.ts';
import { MAX_FRAME_BYTES } from '#contract/model/limits.ts';
import { errorAnswer, RelayError } from '../errors.ts';
import { tooMany } from '../services/budgets.ts';
import { createEnds } from './ends.ts';
import { createHeartbeat } from './heartbeat.ts';
import type { SocketServices } from './services.ts';
import { attachSocket, type LiveSocket, type Visitor } from './socket.ts';
import { createUnauthenticatedSockets } from './unauthenticated-sockets.ts';

export interface Gateway {
  /** Closes the open sockets and asks them to reconnect later. New ones are refused. */
  stop(): void;
  /** Stops accepting upgrades. */
  close(): void;
  /** Open sockets, authenticated or not. */
  readonly size: number;
}

export interface GatewayParts {
  /** The refusal of a request because of its host name or origin; null when it is allowed. */
  door: (request: IncomingMessage) => RelayError | null;
  /** The client address of a request, as counted by the limits. */
  addressOf: (request: IncomingMessage) => string;
  connections: {
    /** The connection belongs to a user and no longer counts against its address. */
    release(socket: Duplex): void;
  };
  isClosing: () => boolean;
  onFault: (error: unknown) => void;
}

function refuseUpgrade(socket: Duplex, error: RelayError): void {
  const status = `${error.statusCode} ${STATUS_CODES[error.statusCode] ?? ''}`;
  const body = JSON.stringify(errorAnswer(error));
  const retry = error.retryAfterMs === undefined ? '' : `Retry-After: ${Math.ceil(error.retryAfterMs / 1000)}\r\n`;
  socket.on('error', () => socket.destroy());
  socket.end(
    `HTTP/1.1 ${status}\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(body)}\r\n${retry}Connection: close\r\n\r\n${body}`,
    () => socket.destroy(),
  );
}

/** The path and token of an upgrade; null when the URL has several tokens. */
function targetOf(request: IncomingMessage): { path: string; token: string | null } | null {
  const url = request.url ?? '';
  const [path = '', query = ''] = url.split('?', 2);
  const tokens = new URLSearchParams(query).getAll('token');
  return tokens.length > 1 ? null : { path, token: tokens[0] ?? null };
}

export function openGateway(server: Server, services: SocketServices, parts: GatewayParts): Gateway {
  const { limits, accounts, budgets } = services;
  const { door, addressOf, connections, isClosing, onFault } = parts;
  const sockets = new Set<LiveSocket>();
  const heartbeat = createHeartbeat<LiveSocket>(limits.heartbeatMs);
  const ends = createEnds(services.turns);
  const unauthenticated = createUnauthenticatedSockets(
    limits.unauthenticatedSockets,
    limits.unauthenticatedSocketsPerAddress,
  );
  const webSocketServer = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_FRAME_BYTES,
    maxFragments: 256,
    maxBufferedChunks: 4096,
    perMessageDeflate: false,
    clientTracking: false,
    // Pongs are counted and limited like everything else.
    autoPong: false,
  });

  /** The token of an upgrade that may proceed; null when it has none. @throws RelayError */
  async function tokenOf(request: IncomingMessage, address: string): Promise<string | null> {
    const refusal = door(request);
    if (refusal) throw refusal;
    const target = targetOf(request);
    if (target?.path !== '/ws') throw new RelayError('not_found', 'There is nothing at this address.');
    if (isClosing()) throw new RelayError('server_closing', 'The server is stopping.', { retryAfterMs: 1000 });
    await budgets.fromAddress(address);
    return target.token;
  }

  function upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, visitor: Visitor): void {
    const { address, admission } = visitor;
    // Sockets that came with a valid token do not count as unauthenticated.
    const leave =
      typeof admission === 'object'
        ? () => undefined
        : unauthenticated.enter(address, () => live?.close(CLOSE_CODES.policy, 'others wait to sign in'));
    if (!leave) throw tooMany('Too many connections from this address.', limits.unauthenticatedMs);
    let live: LiveSocket | null = null;
    socket.once('close', leave);
    webSocketServer.handleUpgrade(request, socket, head, (webSocket) => {
      const opened = attachSocket(webSocket, services, visitor, {
        onSignedIn() {
          leave();
          connections.release(socket);
        },
        onClosed() {
          leave();
          sockets.delete(opened);
          stopBeating();
        },
        onFault,
      });
      const stopBeating = heartbeat.add(opened);
      live = opened;
      // After the library has begun to listen.
      ends.delay(socket);
      sockets.add(opened);
      opened.start();
    });
  }

  async function accept(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const drop = (): void => void socket.destroy();
    socket.on('error', drop);
    try {
      const address = addressOf(request);
      const token = await tokenOf(request, address);
      const caller = token === null ? null : await accounts.authenticate(token, address);
      if (socket.destroyed) return;
      if (isClosing()) throw new RelayError('server_closing', 'The server is stopping.', { retryAfterMs: 1000 });
      const admission = caller ?? (token === null ? 'stranger' : 'refused');
      upgrade(request, socket, head, { address, admission });
      socket.off('error', drop);
    } catch (error) {
      if (!(error instanceof RelayError)) onFault(error);
      const fault = new RelayError('server_error', 'Something went wrong on the server.');
      refuseUpgrade(socket, error instanceof RelayError ? error : fault);
    }
  }
  const onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void =>
    void accept(request, socket, head);

  server.on('upgrade', onUpgrade);

  return {
    stop() {
      heartbeat.close();
      for (const socket of sockets) socket.close(CLOSE_CODES.restarting, 'the server restarts');
    },
    close() {
      server.off('upgrade', onUpgrade);
      webSocketServer.close();
    },
    get size() {
      return sockets.size;
    },
  };
}
