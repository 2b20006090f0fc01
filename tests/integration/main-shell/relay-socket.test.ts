/** The live connection against scripted servers: how it begins, what it lets through, how it ends and comes back. */
import { createServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { RawData, WebSocket } from 'ws';
import { CLOSE_CODES, type ServerFrame } from '../../../contract/ws/server-frames.ts';
import { systemClock } from '../../../electron/main/platform/clock.ts';
import type { Clock } from '../../../electron/main/services/ports.ts';
import { createRelaySocket, type OwnedSocket } from '../../../electron/main/services/socket/relay-socket.ts';
import { ManualClock, recordingLogger, until } from '../../helpers/main-parts.ts';
import { httpServer, socketServer, tcpServer } from '../../helpers/main-servers.ts';

const TOKEN = 'token-of-the-test-0123456789';
const WELCOME = JSON.stringify({
  type: 'auth:success',
  data: { userId: 'u1', username: 'ada', capabilities: ['sync'] },
});
const undo: (() => unknown)[] = [];
afterEach(async () => {
  for (const run of undo.splice(0).reverse()) await run();
});

function keep<T extends { close(): unknown }>(made: T): T {
  undo.push(() => made.close());
  return made;
}

interface Watched {
  socket: OwnedSocket;
  frames: ServerFrame[];
  states: string[];
  seen: { opens: number; closes: number; refused: number };
  logger: ReturnType<typeof recordingLogger>;
}

function socketTo(server: string, clock: Clock = systemClock, random = () => 0): Watched {
  const logger = recordingLogger();
  const seen = { opens: 0, closes: 0, refused: 0 };
  const frames: ServerFrame[] = [];
  const states: string[] = [];
  const socket = createRelaySocket({
    server,
    token: TOKEN,
    clock,
    random,
    logger,
    onTokenRefused: () => seen.refused++,
  });
  socket.onOpen(() => seen.opens++);
  socket.onClose(() => seen.closes++);
  socket.onFrame((frame) => frames.push(frame));
  socket.onState(() => states.push(socket.state));
  undo.push(() => socket.stop());
  socket.start();
  return { socket, frames, states, seen, logger };
}

function parse(data: RawData): unknown {
  return Buffer.isBuffer(data) ? JSON.parse(data.toString('utf8')) : null;
}

/** Welcomes whoever shows the token. */
function welcome(then: (socket: WebSocket) => void = () => undefined) {
  return (socket: WebSocket): void => {
    socket.once('message', (data) => {
      const frame: unknown = parse(data);
      expect(frame).toEqual({ type: 'auth', data: { token: TOKEN } });
      socket.send(WELCOME);
      then(socket);
    });
  };
}

describe('the live connection', () => {
  it('shows the token in its first frame, never in the address', async () => {
    const server = keep(await socketServer(welcome()));
    const { socket, seen, states } = socketTo(server.url);
    expect(socket.send({ type: 'typing:start', data: { chatId: 'c1' } })).toBe(false);
    await until('open', () => socket.state === 'open');
    expect(server.asked).toEqual(['/ws']);
    expect(seen).toEqual({ opens: 1, closes: 0, refused: 0 });
    expect(states).toEqual(['connecting', 'open']);
    expect(socket.reason).toBeNull();
    expect(socket.nextTryAt).toBeNull();
  });

  it('sends while it is open', async () => {
    const heard: unknown[] = [];
    const server = keep(
      await socketServer(welcome((client) => client.on('message', (data) => heard.push(parse(data))))),
    );
    const { socket } = socketTo(server.url);
    await until('open', () => socket.state === 'open');
    expect(socket.send({ type: 'typing:start', data: { chatId: 'c1' } })).toBe(true);
    await until('frame at the server', () => heard.length === 1);
    expect(heard).toEqual([{ type: 'typing:start', data: { chatId: 'c1' } }]);
  });

  it('hears nothing before it is welcomed, and drops what makes no sense without its words', async () => {
    const typing = (userId: string): string => JSON.stringify({ type: 'typing:stop', data: { chatId: 'c1', userId } });
    const server = keep(
      await socketServer((client) => {
        client.send(typing('too-early'));
        welcome(() => {
          client.send('secret words');
          client.send('{"type":"message:new","data":{"content":"secret words"}}');
          client.send(Buffer.from(typing('binary')));
          client.send(typing('fine'));
        })(client);
      }),
    );
    const { frames, logger } = socketTo(server.url);
    await until('a frame', () => frames.length > 0);
    expect(frames).toEqual([{ type: 'typing:stop', data: { chatId: 'c1', userId: 'fine' } }]);
    expect(logger.of('socket.frame_dropped')).toHaveLength(3);
    expect(JSON.stringify(logger.entries)).not.toContain('secret words');
    expect(JSON.stringify(logger.entries)).not.toContain(TOKEN);
  });

  it('logs a flood of nonsense only so far', async () => {
    const server = keep(
      await socketServer(
        welcome((client) => {
          for (let n = 0; n < 500; n++) client.send('nonsense');
          client.send(JSON.stringify({ type: 'typing:stop', data: { chatId: 'c', userId: 'last' } }));
        }),
      ),
    );
    const { frames, logger } = socketTo(server.url);
    await until('the last frame', () => frames.length === 1);
    expect(logger.of('socket.frame_dropped')).toHaveLength(20);
  });

  it.each([
    ['auth:error', (client: WebSocket) => client.send('{"type":"auth:error","data":{"message":"no"}}')],
    ['close code 4401', (client: WebSocket) => client.close(CLOSE_CODES.unauthenticated)],
  ])('stops at %s and says that the token was refused', async (_how, refuse) => {
    const server = keep(await socketServer((client) => client.once('message', () => refuse(client))));
    const { socket, seen } = socketTo(server.url);
    await until('refused', () => seen.refused === 1);
    expect(socket.state).toBe('closed');
    expect(socket.reason).toBe('unauthenticated');
    expect(socket.nextTryAt).toBeNull();
    socket.nudge();
    expect(socket.state).toBe('closed');
    expect(server.asked).toHaveLength(1);
  });

  it('stops at 401 before any frame', async () => {
    const server = keep(
      await tcpServer((client) =>
        client.once('data', () => client.end('HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n')),
      ),
    );
    const { seen } = socketTo(server.url);
    await until('refused', () => seen.refused === 1);
  });

  it('comes back after a loss, later each time', async () => {
    const clock = new ManualClock();
    const server = keep(await socketServer((client) => client.terminate()));
    const { socket, seen } = socketTo(server.url, clock, () => 0.999_999);
    const waits: number[] = [];
    for (let round = 0; round < 8; round++) {
      await until('a next try', () => socket.nextTryAt !== null);
      waits.push((socket.nextTryAt ?? 0) - clock.now());
      clock.advance(waits.at(-1) ?? 0);
    }
    expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
    expect(seen).toEqual({ opens: 0, closes: 0, refused: 0 });
  });

  it('comes back at once when it is nudged', async () => {
    const clock = new ManualClock();
    let refuse = true;
    const server = keep(await socketServer((client) => (refuse ? client.terminate() : welcome()(client))));
    const { socket } = socketTo(server.url, clock);
    await until('waiting', () => socket.nextTryAt !== null);
    refuse = false;
    socket.nudge();
    await until('open', () => socket.state === 'open');
  });

  it('comes back quickly to a server that restarts', async () => {
    const clock = new ManualClock();
    const server = keep(await socketServer(welcome((client) => client.close(CLOSE_CODES.restarting))));
    const { socket, seen } = socketTo(server.url, clock, () => 0.5);
    await until('closed', () => seen.closes === 1);
    expect((socket.nextTryAt ?? 0) - clock.now()).toBe(600);
    expect(socket.reason).toBe('server_closing');
  });

  it('notices a server that fell silent 20 s after its last word', async () => {
    const clock = new ManualClock();
    const server = keep(
      await socketServer((client) => {
        // Nothing this server would answer to a ping.
        client.pong = () => undefined;
        welcome()(client);
      }),
    );
    for (const client of server.open) client.pause();
    const { socket, seen } = socketTo(server.url, clock);
    await until('open', () => socket.state === 'open');
    for (const client of server.open) client.pause();
    clock.advance(19_999);
    expect(socket.state).toBe('open');
    clock.advance(1);
    expect(socket.state).toBe('closed');
    expect(socket.reason).toBe('server_timeout');
    expect(seen.closes).toBe(1);
  });

  it('gives up a server that takes the connection and never welcomes', async () => {
    const clock = new ManualClock();
    const server = keep(await socketServer(() => undefined));
    const { socket } = socketTo(server.url, clock);
    await until('connected', () => server.open.size === 1);
    clock.advance(20_000);
    expect(socket.reason).toBe('server_timeout');
    expect(socket.nextTryAt).not.toBeNull();
  });

  it('closes on a frame that is too long', async () => {
    const server = keep(await socketServer(welcome((client) => client.send('x'.repeat(2 * 1024 * 1024)))));
    const clock = new ManualClock();
    const { socket, frames, seen } = socketTo(server.url, clock);
    await until('closed', () => seen.closes === 1);
    expect(frames).toEqual([]);
    expect(socket.reason).toBe('bad_answer');
  });

  it('follows no redirect', async () => {
    const elsewhere = keep(await socketServer(welcome()));
    const server = keep(
      await httpServer((_request, response) => {
        response.writeHead(302, { Location: `${elsewhere.url}/ws` });
        response.end();
      }),
    );
    const { socket } = socketTo(server.url, new ManualClock());
    await until('waiting', () => socket.nextTryAt !== null);
    expect(elsewhere.asked).toEqual([]);
  });

  it('waits where nobody listens', async () => {
    const probe = createServer();
    await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
    const address = probe.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    await new Promise((resolve) => probe.close(resolve));
    const { socket } = socketTo(`http://127.0.0.1:${String(port)}`, new ManualClock());
    await until('waiting', () => socket.nextTryAt !== null);
    expect(socket.reason).toBe('server_unreachable');
  });

  it('leaves nothing behind when it is stopped', async () => {
    const clock = new ManualClock();
    const server = keep(await socketServer(welcome()));
    const { socket, seen } = socketTo(server.url, clock);
    await until('open', () => socket.state === 'open');
    socket.stop();
    expect(socket.state).toBe('closed');
    expect(socket.nextTryAt).toBeNull();
    await until('gone at the server', () => server.open.size === 0);
    await until('no timer left', () => clock.pending === 0);
    expect(seen).toEqual({ opens: 1, closes: 1, refused: 0 });
    socket.start();
    await until('open again', () => socket.state === 'open');
  });
});
