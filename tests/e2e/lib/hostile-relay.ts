/**
 * A server that passes for a Relay and then says what a test wants: frames and answers that break the contract. It knows
 * one person, who has one chat.
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type WebSocket, WebSocketServer } from 'ws';

export interface HostileRelay {
  readonly url: string;
  /** Bodies that are answered instead of the right ones, by method and path below `/api`: `GET /chats`. */
  readonly answers: Map<string, string>;
  /** How often a route was asked. */
  asked(route: string): number;
  /** Sends to every connection, exactly as given. */
  frame(data: string | Buffer): void;
  /** A frame that keeps the contract: a message of the other person. */
  message(id: string, content: string): void;
  connections(): number;
  /** Ends every connection without a word. */
  hangUp(): void;
  close(): Promise<void>;
}

export const HOSTILE_CHAT = 'chathostile0000000000001';
const ME = { id: 'userhostile0000000000001', username: 'victim', firstName: 'Vera', lastName: 'Ode' };
const OTHER = { id: 'userhostile0000000000002', username: 'mallory', firstName: 'Mal', lastName: 'Ory' };

export async function hostileRelay(): Promise<HostileRelay> {
  const answers = new Map<string, string>();
  const asked = new Map<string, number>();
  const messages: unknown[] = [];
  let clock = Date.parse('2026-01-01T10:00:00Z');

  const made = (id: string, content: string): unknown => {
    clock += 1000;
    const createdAt = new Date(clock).toISOString();
    return {
      id,
      chatId: HOSTILE_CHAT,
      content,
      sender: OTHER,
      attachments: [],
      reactions: [],
      status: 'sent',
      createdAt,
    };
  };

  function right(route: string): unknown {
    if (route === 'GET /capabilities') return { server: 'relay', version: '9.9.9', capabilities: [] };
    if (route === 'POST /auth/login') return { user: ME, token: 'header.payload.signature' };
    if (route === 'GET /auth/me') return { user: ME };
    if (route === 'GET /reactions') return { reactions: ['👍'] };
    if (route === 'GET /chats')
      return { chats: [{ id: HOSTILE_CHAT, participants: [ME, OTHER], lastMessage: messages.at(-1), unreadCount: 0 }] };
    if (route.endsWith('/messages')) return { messages: [...messages].reverse(), total: messages.length };
    return null;
  }

  function answer(request: IncomingMessage, response: ServerResponse): void {
    const path = new URL(request.url ?? '/', 'http://relay').pathname.replace(/^\/api/, '');
    const route = `${request.method ?? 'GET'} ${path}`;
    asked.set(route, (asked.get(route) ?? 0) + 1);
    request.resume();
    const told = answers.get(route);
    const body = told ?? JSON.stringify(right(route));
    const status = told === undefined && body === 'null' ? 404 : 200;
    response.writeHead(status, { 'content-type': 'application/json' }).end(body);
  }

  const server = createServer(answer);
  const sockets = new WebSocketServer({ server, path: '/ws' });
  sockets.on('connection', (socket: WebSocket) => {
    socket.on('error', () => socket.terminate());
    socket.send(JSON.stringify({ type: 'auth:success', data: { userId: ME.id, username: ME.username } }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');

  const frame = (data: string | Buffer): void => {
    for (const socket of sockets.clients) socket.send(data);
  };
  return {
    url: `http://127.0.0.1:${String(address.port)}`,
    answers,
    asked: (route) => asked.get(route) ?? 0,
    frame,
    message(id, content) {
      const message = made(id, content);
      messages.push(message);
      frame(JSON.stringify({ type: 'message:new', data: message }));
    },
    connections: () => sockets.clients.size,
    hangUp() {
      for (const socket of sockets.clients) socket.terminate();
    },
    async close() {
      for (const socket of sockets.clients) socket.terminate();
      sockets.close();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
