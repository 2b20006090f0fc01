/** Connections that all end at the same time: closed a few per turn, in order, none twice. */
import { Duplex } from 'node:stream';
import { expect, it } from 'vitest';
import { createTurns } from '../../../relay/turns.ts';
import { createEnds } from '../../../relay/ws/ends.ts';

function connection(): Duplex {
  const socket = new Duplex({ allowHalfOpen: true, read: () => undefined, write: (_chunk, _encoding, done) => done() });
  return socket.resume();
}
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

it('a crowd that goes at once is closed in order, no more than fifty in a turn', async () => {
  const ends = createEnds(createTurns());
  const closed: number[] = [];
  const sockets = Array.from({ length: 170 }, (_, index) => {
    const socket = connection().on('end', () => closed.push(index));
    ends.delay(socket);
    return socket;
  });
  for (const socket of sockets) socket.push(null);
  const perTurn: number[] = [];
  while (closed.length < sockets.length) {
    const before = closed.length;
    await turn();
    perTurn.push(closed.length - before);
  }
  expect(closed).toEqual(sockets.map((_socket, index) => index));
  expect(Math.max(...perTurn)).toBe(50);
});

it('one that ends alone is closed in the next turns, as the stream itself', async () => {
  const ends = createEnds(createTurns());
  const socket = connection();
  const told: unknown[] = [];
  socket.on('end', function (this: unknown) {
    told.push(this);
  });
  ends.delay(socket);
  socket.push(null);
  for (let n = 0; n < 4; n += 1) await turn();
  expect(told).toEqual([socket]);
});

it('one that broke before its turn is not told of its end', async () => {
  const ends = createEnds(createTurns());
  const socket = connection();
  let told = false;
  let isClosed = false;
  socket.on('end', () => (told = true)).on('close', () => (isClosed = true));
  ends.delay(socket);
  socket.once('end', () => socket.destroy());
  socket.push(null);
  for (let n = 0; n < 6; n += 1) await turn();
  expect([told, isClosed]).toEqual([false, true]);
});
