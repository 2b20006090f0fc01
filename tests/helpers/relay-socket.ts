/** A socket for tests: keeps every frame, and waits for what is to come. */
import WebSocket from 'ws';
import { ServerFrame, type ServerFrameOf } from '../../contract/ws/server-frames.ts';

type Type = ServerFrame['type'];

export interface TestSocket {
  readonly socket: WebSocket;
  /** Every frame so far, oldest first; each was checked against the contract. */
  readonly frames: ServerFrame[];
  send(frame: unknown): void;
  sendRaw(data: string | Buffer): void;
  /** The first frame of the type, come or still to come, that fits; each frame is answered once. */
  next<T extends Type>(type: T, fits?: (frame: ServerFrameOf<T>) => boolean, ms?: number): Promise<ServerFrameOf<T>>;
  /** The frames of the type so far. */
  all<T extends Type>(type: T): ServerFrameOf<T>[];
  /** Sends a ping and waits for its answer: what the server had sent before has arrived. */
  settle(): Promise<void>;
  /** Waits for the end. */
  closed(ms?: number): Promise<{ code: number; reason: string }>;
  close(): Promise<void>;
}

function isOf<T extends Type>(frame: ServerFrame, type: T): frame is ServerFrameOf<T> {
  return frame.type === type;
}

/** Opens a connection; `next('auth:success')` tells that it is signed in. */
export async function openSocket(
  url: string,
  init: { token?: string; path?: string; headers?: Record<string, string> } = {},
): Promise<TestSocket> {
  const query = init.token === undefined ? '' : `?token=${encodeURIComponent(init.token)}`;
  const socket = new WebSocket(`${url}${init.path ?? ''}${query}`, { headers: init.headers ?? {} });
  const frames: ServerFrame[] = [];
  const answered = new Set<ServerFrame>();
  const waiting = new Set<() => void>();
  const broken: string[] = [];
  let end: { code: number; reason: string } | null = null;
  const wake = (): void => {
    for (const look of waiting) look();
  };
  socket.on('message', (data: Buffer) => {
    const parsed = ServerFrame.safeParse(JSON.parse(data.toString()));
    if (parsed.success) frames.push(parsed.data);
    else broken.push(`${data.toString()}: ${parsed.error.message}`);
    wake();
  });
  socket.on('close', (code, reason) => {
    end = { code, reason: reason.toString() };
    wake();
  });

  /** Looks now and at every change until `look` has an answer. */
  function until<T>(what: string, ms: number, look: () => T | null): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const check = (): void => {
      const found = broken.length > 0 ? null : look();
      if (found !== null) resolve(found);
      else if (broken.length > 0) reject(new Error(`a frame outside the contract: ${broken.join('; ')}`));
      else if (end) reject(new Error(`closed (${end.code} ${end.reason}) while waiting for ${what}`));
    };
    waiting.add(check);
    const late = setTimeout(() => {
      const seen = frames.map((frame) => frame.type).join(', ');
      reject(new Error(`no ${what} within ${ms} ms; came: ${seen}`));
    }, ms);
    check();
    return promise.finally(() => {
      waiting.delete(check);
      clearTimeout(late);
    });
  }

  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  socket.removeAllListeners('error');
  socket.on('error', () => wake());

  return {
    socket,
    frames,
    send: (frame) => socket.send(JSON.stringify(frame)),
    sendRaw: (data) => socket.send(data),
    next<T extends Type>(type: T, fits: (frame: ServerFrameOf<T>) => boolean = () => true, ms = 5000) {
      return until(type, ms, () => {
        for (const frame of frames) {
          if (answered.has(frame) || !isOf(frame, type) || !fits(frame)) continue;
          answered.add(frame);
          return frame;
        }
        return null;
      });
    },
    all: <T extends Type>(type: T) => frames.filter((frame) => isOf(frame, type)),
    async settle() {
      const pong = new Promise<void>((resolve) => socket.once('pong', () => resolve()));
      socket.ping();
      await pong;
    },
    closed(ms = 10_000) {
      if (end) return Promise.resolve(end);
      return new Promise((resolve, reject) => {
        const late = setTimeout(() => reject(new Error(`still open after ${ms} ms`)), ms);
        socket.once('close', (code, reason) => {
          clearTimeout(late);
          resolve({ code, reason: reason.toString() });
        });
      });
    },
    async close() {
      if (end) return;
      const gone = new Promise<void>((resolve) => socket.once('close', () => resolve()));
      socket.close();
      await gone;
    },
  };
}

/** A socket that is signed in. */
export async function signedIn(url: string, token: string): Promise<TestSocket> {
  const socket = await openSocket(url, { token });
  await socket.next('auth:success');
  return socket;
}
