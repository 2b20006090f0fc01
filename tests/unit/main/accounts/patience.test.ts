import { expect, it } from 'vitest';
import { PATIENCE_MS, withPatience } from '../../../../electron/main/services/accounts/patience.ts';
import { ManualClock } from '../../../helpers/main-parts.ts';

const turns = async (): Promise<void> => {
  for (let n = 0; n < 10; n += 1) await Promise.resolve();
};

it('gives what comes in time, and leaves no timer behind', async () => {
  const clock = new ManualClock();
  expect(await withPatience(clock, Promise.resolve(7))).toEqual({ value: 7 });
  expect(await withPatience(clock, Promise.resolve(null))).toEqual({ value: null });
  await expect(withPatience(clock, Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(clock.pending).toBe(0);
});

it('waits a second for what takes longer, and lets it go on', async () => {
  expect(PATIENCE_MS).toBe(1_000);
  const clock = new ManualClock();
  const work = Promise.withResolvers<number>();
  let answer: unknown = 'nothing yet';
  void withPatience(clock, work.promise).then((value) => (answer = value));
  clock.advance(999);
  await turns();
  expect(answer).toBe('nothing yet');
  clock.advance(1);
  await turns();
  expect(answer).toBeNull();
  work.resolve(7);
  await expect(work.promise).resolves.toBe(7);
});
