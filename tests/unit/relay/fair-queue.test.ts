import { expect, test } from 'vitest';
import { createFairQueue, type FairQueue } from '../../../relay/services/fair-queue.ts';

/** Turns whose work ends when the test says so; `order` is who was started, `refused` who was sent away. */
function scene(options: { atOnce: number; waiting: number; waitingPerLane: number }) {
  const turns: FairQueue = createFairQueue({ ...options, refusal: () => new Error('full') });
  const order: string[] = [];
  const refused: string[] = [];
  const ends: (() => void)[] = [];
  const come = (name: string): void => {
    const work = (): Promise<void> => {
      order.push(name);
      return new Promise((end) => ends.push(end));
    };
    turns.take(name.split('-')[0] ?? '', work).catch((error: unknown) => {
      expect(error).toEqual(new Error('full'));
      refused.push(name);
    });
  };
  /** Ends what runs, one after the other, until nothing is left. */
  const finish = async (): Promise<void> => {
    await Promise.resolve();
    for (let end = ends.shift(); end; end = ends.shift()) {
      end();
      // The next one starts some promises later.
      for (let step = 0; step < 10; step += 1) await Promise.resolve();
    }
  };
  return { turns, order, refused, come, finish };
}

test('the lanes go round robin: whoever brings much waits behind himself', async () => {
  const { order, refused, come, finish } = scene({ atOnce: 1, waiting: 100, waitingPerLane: 100 });
  for (let index = 0; index < 5; index += 1) come(`loud-${index}`);
  come('quiet-0');
  come('other-0');
  await finish();
  expect(order).toEqual(['loud-0', 'loud-1', 'quiet-0', 'other-0', 'loud-2', 'loud-3', 'loud-4']);
  expect(refused).toEqual([]);
});

test('a lane at its limit and one past it; the others still find a place', async () => {
  const { order, refused, come, finish } = scene({ atOnce: 2, waiting: 100, waitingPerLane: 3 });
  for (let index = 0; index < 6; index += 1) come(`loud-${index}`);
  come('quiet-0');
  await finish();
  expect(refused).toEqual(['loud-5']);
  expect(order).toContain('quiet-0');
});

test('when all places are taken the newest of the longest lane makes room; equals are refused', async () => {
  const { order, refused, come, finish } = scene({ atOnce: 1, waiting: 4, waitingPerLane: 4 });
  for (const name of ['loud-0', 'loud-1', 'loud-2', 'loud-3', 'loud-4', 'a-0', 'b-0', 'c-0', 'd-0']) come(name);
  await finish();
  expect(refused.toSorted()).toEqual(['d-0', 'loud-2', 'loud-3', 'loud-4']);
  expect(order).toEqual(['loud-0', 'loud-1', 'a-0', 'b-0', 'c-0']);
});

test('work that fails gives its turn on', async () => {
  const { turns } = scene({ atOnce: 1, waiting: 2, waitingPerLane: 2 });
  const bad = turns.take('a', () => Promise.reject(new Error('bad')));
  const good = turns.take('a', () => Promise.resolve('good'));
  await expect(bad).rejects.toThrow('bad');
  await expect(good).resolves.toBe('good');
});

test('places are free again once they are left, however they were: by a turn, by a refusal, by a failure', async () => {
  const { turns, order, refused, come, finish } = scene({ atOnce: 2, waiting: 3, waitingPerLane: 3 });
  for (let round = 0; round < 4; round += 1) {
    const name = (lane: string, n: number): string => `${lane}${String(round)}-${String(n)}`;
    order.length = 0;
    refused.length = 0;
    // Two run, three wait in one lane; another lane takes the place of the newest of them.
    for (let n = 0; n < 5; n += 1) come(name('loud', n));
    come(name('quiet', 0));
    await Promise.resolve();
    expect(order).toHaveLength(2);
    await finish();
    expect(order).toEqual([0, 1, 2].map((n) => name('loud', n)).concat(name('quiet', 0), name('loud', 3)));
    expect(refused).toEqual([name('loud', 4)]);
    await expect(turns.take('bad', () => Promise.reject(new Error('bad')))).rejects.toThrow('bad');
  }
});

test('never do more run at once than may, whatever comes and goes', async () => {
  let running = 0;
  let most = 0;
  const turns = createFairQueue({ atOnce: 3, waiting: 100, waitingPerLane: 100, refusal: () => new Error('full') });
  const work = async (): Promise<void> => {
    running += 1;
    most = Math.max(most, running);
    await new Promise((resolve) => setImmediate(resolve));
    running -= 1;
  };
  const all = Array.from({ length: 40 }, (_, n) => turns.take(`lane${String(n % 7)}`, work));
  await Promise.all(all);
  await Promise.all(Array.from({ length: 10 }, (_, n) => turns.take(`lane${String(n)}`, work)));
  expect([most, running]).toEqual([3, 0]);
});
