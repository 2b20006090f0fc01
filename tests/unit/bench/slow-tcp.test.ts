/** TCP that takes its time is still TCP: what is sent first arrives first. */
import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { startSlowTcp } from '../../helpers/slow-tcp.ts';
import { Dice } from '../../bench/lib/random.ts';

test('many pieces, each with a delay of its own, arrive in their order', async () => {
  const heard: Buffer[] = [];
  const ended = Promise.withResolvers<void>();
  const server = createServer((socket) => {
    socket.on('data', (piece) => heard.push(piece));
    socket.on('end', () => ended.resolve());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const dice = new Dice(1);
  const terms = { delayMs: 5, jitterMs: 5, loss: 0 };
  const slow = await startSlowTcp((server.address() as AddressInfo).port, terms, () => dice.next());
  const socket = connect(slow.port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    socket.setNoDelay(true);
    const pieces = Array.from({ length: 1500 }, (_, n) => `${String(n)},`);
    for (const piece of pieces) {
      socket.write(piece);
      // Apart, so that they are not carried as one.
      await pause(0);
    }
    socket.end();
    await ended.promise;
    expect(Buffer.concat(heard).toString()).toBe(pieces.join(''));
  } finally {
    socket.destroy();
    await slow.close();
    server.close();
  }
});
