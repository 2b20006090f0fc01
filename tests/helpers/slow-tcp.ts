/** TCP on its way through this process, later by some milliseconds in each direction; nothing is lost and nothing overtakes. */
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { delayOf, type LinkTerms } from './slow-link.ts';

export interface SlowTcp {
  readonly port: number;
  close(): Promise<void>;
}

/** @param random in [0, 1). What would be lost is delivered: TCP sends it again. */
export async function startSlowTcp(target: number, terms: LinkTerms, random: () => number): Promise<SlowTcp> {
  const open = new Set<Socket>();

  function carry(from: Socket, to: Socket): void {
    let last = 0;
    // Timers of different lengths that are due in the same millisecond run in any order: each takes the first in line.
    const inLine: (() => void)[] = [];
    const later = (deliver: () => void): void => {
      const at = Math.max(last, performance.now() + (delayOf({ ...terms, loss: 0 }, random) ?? 0));
      last = at;
      inLine.push(deliver);
      setTimeout(
        () => {
          const next = inLine.shift();
          if (!to.destroyed) next?.();
        },
        Math.max(0, at - performance.now()),
      );
    };
    from.on('data', (chunk: Buffer) => later(() => to.write(chunk)));
    from.on('end', () => later(() => to.end()));
    // The other end learns it from the closed connection.
    from.on('error', () => to.destroy());
    from.on('close', () => open.delete(from));
  }

  const server = createServer((near) => {
    const far = connect(target, '127.0.0.1');
    for (const socket of [near, far]) {
      socket.setNoDelay(true);
      open.add(socket);
    }
    carry(near, far);
    carry(far, near);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    port: address.port,
    async close() {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
