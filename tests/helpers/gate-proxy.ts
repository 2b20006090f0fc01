/** A TCP proxy with two gates: each lets bytes pass up to a number that the test sets. It cuts connections, too. */
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** One direction, over all connections together. */
class Gate {
  #allowed = Number.POSITIVE_INFINITY;
  passed = 0;
  readonly #waiting = new Set<() => void>();

  /** So many bytes in all may pass; what is beyond waits. */
  allow(bytes: number): void {
    this.#allowed = bytes;
    for (const flush of [...this.#waiting]) flush();
  }

  pump(from: Socket, to: Socket): void {
    const queue: Buffer[] = [];
    const flush = (): void => {
      // What waits in this program has not passed.
      while (queue[0] && this.passed < this.#allowed && !to.destroyed && !to.writableNeedDrain) {
        const piece = queue[0].subarray(0, Math.max(1, Math.min(queue[0].length, this.#allowed - this.passed)));
        this.passed += piece.length;
        if (piece.length === queue[0].length) queue.shift();
        else queue[0] = queue[0].subarray(piece.length);
        to.write(piece);
      }
      if (queue.length > 0) from.pause();
      else from.resume();
    };
    this.#waiting.add(flush);
    to.on('drain', flush);
    from.on('data', (chunk: Buffer) => {
      queue.push(chunk);
      flush();
    });
    from.once('close', () => this.#waiting.delete(flush));
  }
}

export interface GateProxy {
  url: string;
  /** Bytes that have passed towards the server. */
  passed(): number;
  /** So many bytes in all may pass towards the server; everything does until this is called. */
  allow(bytes: number): void;
  /** The same towards the clients, counted from now. */
  allowBack(bytes: number): void;
  /** Ends all connections at once. */
  cut(): void;
  close(): Promise<void>;
}

/** @param port the server's, on the loopback interface. */
export async function gateProxy(port: number): Promise<GateProxy> {
  const [there, back] = [new Gate(), new Gate()];
  const sockets = new Set<Socket>();
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
    there.pump(client, upstream);
    back.pump(upstream, client);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    passed: () => there.passed,
    allow: (bytes) => there.allow(bytes),
    allowBack: (bytes) => back.allow(back.passed + bytes),
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
