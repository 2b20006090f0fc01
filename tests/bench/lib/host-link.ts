/** The bench's end of the line to the instrument in the main process (host-probe.ts). */
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import type { Stamp } from '../trace/stamp.ts';

/** What the event loop of main did. Milliseconds. */
export interface LoopRecord {
  /** Delay of a timer, as the runtime measures it. */
  p50: number;
  p99: number;
  max: number;
  /** The longest stretch by the clock, other processes' turns included. */
  longestWall: number;
  /** The longest stretch of computing. */
  longestCpu: number;
  /** Stretches of computing over 50 ms. */
  over50: number;
}

/** Bytes. */
export interface MemoryRecord {
  rss: number;
  heapUsed: number;
}

/** `startTrace` and `takeTrace` are answered where the instruments of a trace were put in. */
type Question =
  { ask: 'startLoop' | 'stopLoop' | 'memory' | 'now' | 'takeTrace' } | { ask: 'startTrace'; prefix: string };

export type HostQuestion = Question & { id: number };

export interface HostAnswer {
  id: number;
  value: LoopRecord | MemoryRecord | Stamp[] | number | null;
}

export interface HostLink {
  /** Given to the process as RELAY_BENCH_PROBE. */
  readonly port: number;
  startLoop(): Promise<void>;
  stopLoop(): Promise<LoopRecord>;
  /** After a full collection, when the process was started with --expose-gc. */
  memory(): Promise<MemoryRecord>;
  /** The process's clock: milliseconds since the epoch, with fractions. */
  now(): Promise<number>;
  /** Forgets the stamps so far; messages are known by a text of `prefix`, digits and a full stop from now on. */
  startTrace(prefix: string): Promise<void>;
  takeTrace(): Promise<Stamp[]>;
  close(): void;
}

function isRecord(value: HostAnswer['value']): value is LoopRecord | MemoryRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Listens for the instrument of one process. */
export async function openHostLink(): Promise<HostLink> {
  const server = createServer();
  const connected = once(server, 'connection').then(([socket]) => socket as Socket);
  const waiting = new Map<number, (value: HostAnswer['value']) => void>();
  let lastId = 0;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  void connected.then((socket) => {
    socket.on('error', () => socket.destroy());
    createInterface({ input: socket }).on('line', (line) => {
      const { id, value } = JSON.parse(line) as HostAnswer;
      waiting.get(id)?.(value);
      waiting.delete(id);
    });
  });
  const ask = async (question: Question): Promise<HostAnswer['value']> => {
    const socket = await connected;
    lastId += 1;
    const id = lastId;
    const answered = new Promise<HostAnswer['value']>((resolve) => waiting.set(id, resolve));
    socket.write(`${JSON.stringify({ id, ...question })}\n`);
    return answered;
  };
  return {
    port: address.port,
    startLoop: async () => void (await ask({ ask: 'startLoop' })),
    stopLoop: async () => {
      const value = await ask({ ask: 'stopLoop' });
      if (!isRecord(value) || !('longestCpu' in value)) throw new Error('the loop was not being watched');
      return value;
    },
    memory: async () => {
      const value = await ask({ ask: 'memory' });
      if (!isRecord(value) || !('rss' in value)) throw new Error('no memory was told');
      return value;
    },
    now: async () => {
      const value = await ask({ ask: 'now' });
      if (typeof value !== 'number') throw new Error('no time was told');
      return value;
    },
    startTrace: async (prefix) => void (await ask({ ask: 'startTrace', prefix })),
    takeTrace: async () => {
      const value = await ask({ ask: 'takeTrace' });
      if (!Array.isArray(value)) throw new Error('no trace was kept');
      return value;
    },
    close: () => {
      server.close();
      void connected.then((socket) => socket.destroy());
    },
  };
}
