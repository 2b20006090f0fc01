/** A TCP proxy with a gate: lets bytes towards the server pass up to a number that the test sets, and cuts connections. */
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export interface GateProxy {
  url: string;
  /** Bytes that have passed towards the server on all connections together. */
  passed(): number;
  /** So many bytes in all may pass; what is beyond waits. */
  allow(bytes: number): void;
  /** Ends all connections at once. */
  cut(): void;
  close(): Promise<void>;
}

/** @param port the server's, on the loopback interface. Everything passes until `allow` is called. */
export async function gateProxy(port: number): Promise<GateProxy> {
  let allowed = Number.POSITIVE_INFINITY;
  let passed = 0;
  const sockets = new Set<Socket>();
  const waiting = new Set<() => void>();

  function pump(from: Socket, to: Socket): void {
    const queue: Buffer[] = [];
    const flush = (): void => {
      while (queue[0] && passed < allowed && !to.destroyed) {
        const piece = queue[0].subarray(0, Math.max(1, Math.min(queue[0].length, allowed - passed)));
        passed += piece.length;
        if (piece.length === queue[0].length) queue.shift();
        else queue[0] = queue[0].subarray(piece.length);
        to.write(piece);
      }
      if (queue.length > 0) from.pause();
      else from.resume();
    };
    waiting.add(flush);
    from.on('data', (chunk: Buffer) => {
      queue.push(chunk);
      flush();
    });
    from.once('close', () => waiting.delete(flush));
  }

  const server = createServer((client) => {
    const upstream = connect(port, '127.0.0.1');
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.once('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
    }
    pump(client, upstream);
    upstream.pipe(client);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    passed: () => passed,
    allow(bytes) {
      allowed = bytes;
      for (const flush of [...waiting]) flush();
    },
    cut() {
      for (const socket of sockets) socket.destroy();
    },
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}
