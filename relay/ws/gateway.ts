/** The door of the sockets: upgrades at `/ws`, keeps count, sends pings, and closes everything at the end. */
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { CLOSE_CODES } from '#contract/ws/server-frames.ts';
import { MAX_FRAME_BYTES } from '#contract/model/limits.ts';
import { errorAnswer, RelayError } from '../errors.ts';
import type { RelayNode } from '../node.ts';
import { attachSocket, type LiveSocket } from './socket.ts';

export interface Gateway {
  /** Refuses new sockets and tells the open ones to come back later. */
  stop(): void;
  /** Cuts what did not answer. */
  close(): void;
  /** Open sockets, signed in or not. */
  readonly size: number;
}

export interface GatewayHooks {
  isClosing: () => boolean;
  onFault: (error: unknown) => void;
}

function refuseUpgrade(socket: Duplex, status: string, error: RelayError): void {
  const body = JSON.stringify(errorAnswer(error));
  const retry = error.retryAfterMs === undefined ? '' : `Retry-After: ${Math.ceil(error.retryAfterMs / 1000)}\r\n`;
  socket.on('error', () => socket.destroy());
  socket.end(
    `HTTP/1.1 ${status}\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(body)}\r\n${retry}Connection: close\r\n\r\n${body}`,
    () => socket.destroy(),
  );
}

/** The path and the token of an upgrade; null when the address is none. */
function addressOf(request: IncomingMessage): { path: string; token: string | null } | null {
  const url = request.url ?? '';
  const [path = '', query = ''] = url.split('?', 2);
  const tokens = new URLSearchParams(query).getAll('token');
  return tokens.length > 1 ? null : { path, token: tokens[0] ?? null };
}

export function openGateway(server: Server, node: RelayNode, { isClosing, onFault }: GatewayHooks): Gateway {
  const { limits } = node;
  const sockets = new Set<LiveSocket>();
  let strangers = 0;
  const doorkeeper = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_FRAME_BYTES,
    maxFragments: 256,
    maxBufferedChunks: 4096,
    perMessageDeflate: false,
    clientTracking: false,
  });

  function accept(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const address = addressOf(request);
    if (!address || address.path !== '/ws') {
      refuseUpgrade(socket, '404 Not Found', new RelayError('not_found', 'There is nothing at this address.'));
      return;
    }
    if (isClosing()) {
      const error = new RelayError('server_closing', 'The server is stopping.', { retryAfterMs: 1000 });
      refuseUpgrade(socket, '503 Service Unavailable', error);
      return;
    }
    if (strangers >= limits.unauthenticatedSockets) {
      const error = new RelayError('rate_limited', 'Too many connections.', { retryAfterMs: limits.unauthenticatedMs });
      refuseUpgrade(socket, '429 Too Many Requests', error);
      return;
    }
    doorkeeper.handleUpgrade(request, socket, head, (webSocket) => {
      let known = false;
      strangers += 1;
      const live = attachSocket(webSocket, node, address.token, {
        onSignedIn() {
          known = true;
          strangers -= 1;
        },
        onClosed() {
          if (!known) strangers -= 1;
          sockets.delete(live);
        },
        onFault,
      });
      sockets.add(live);
    });
  }

  const beat = setInterval(() => {
    for (const socket of sockets) socket.heartbeat();
  }, limits.heartbeatMs).unref();
  server.on('upgrade', accept);

  return {
    stop() {
      clearInterval(beat);
      for (const socket of sockets) socket.close(CLOSE_CODES.restarting, 'the server restarts');
    },
    close() {
      server.off('upgrade', accept);
      doorkeeper.close();
    },
    get size() {
      return sockets.size;
    },
  };
}
