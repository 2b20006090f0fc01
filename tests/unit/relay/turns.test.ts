import { expect, test } from 'vitest';
import { createTurns } from '../../../relay/turns.ts';

test('of all who wait one goes on in each turn of the event loop, the first who asked first', async () => {
  const turns = createTurns();
  let loop = 0;
  let watching = true;
  const watch = (): void => {
    loop += 1;
    if (watching) setImmediate(watch);
  };
  setImmediate(watch);
  const ran: [string, number][] = [];
  const work = async (name: string): Promise<void> => {
    for (let slice = 0; slice < 3; slice += 1) {
      await turns.next();
      ran.push([name, loop]);
    }
  };
  await Promise.all([work('a'), work('b')]);
  watching = false;
  expect(ran.map(([name]) => name)).toEqual(['a', 'b', 'a', 'b', 'a', 'b']);
  expect(new Set(ran.map(([, turn]) => turn)).size, 'each in a turn of its own').toBe(6);
});
