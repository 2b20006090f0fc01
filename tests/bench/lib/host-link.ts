/** The bench's end of the line to the instrument in the main process (host-probe.ts). */
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { createInterface } from 'node:readline';

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

export interface HostQuestion {
  id: number;
  ask: 'startLoop' | 'stopLoop' | 'memory';
}

export interface HostAnswer {
  id: number;
  value: LoopRecord | MemoryRecord | null;
}

export interface HostLink {
  /** Given to the process as RELAY_BENCH_PROBE. */
  readonly port: number;
  startLoop(): Promise<void>;
  stopLoop(): Promise<LoopRecord>;
  /** After a full collection, when the process was started with --expose-gc. */
  memory(): Promise<MemoryRecord>;
  close(): void;
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
  const ask = async (what: HostQuestion['ask']): Promise<HostAnswer['value']> => {
    const socket = await connected;
    lastId += 1;
    const id = lastId;
    const answered = new Promise<HostAnswer['value']>((resolve) => waiting.set(id, resolve));
    socket.write(`${JSON.stringify({ id, ask: what } satisfies HostQuestion)}\n`);
    return answered;
  };
  return {
    port: address.port,
    startLoop: async () => void (await ask('startLoop')),
    stopLoop: async () => {
      const value = await ask('stopLoop');
      if (value === null || !('longestCpu' in value)) throw new Error('the loop was not being watched');
      return value;
    },
    memory: async () => {
      const value = await ask('memory');
      if (value === null || !('rss' in value)) throw new Error('no memory was told');
      return value;
    },
    close: () => {
      server.close();
      void connected.then((socket) => socket.destroy());
    },
  };
}
