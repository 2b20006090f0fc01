import { expect, test } from 'vitest';
import { atOnce } from '../../../scripts/lib/at-once.ts';

test('no more than the limit run at once, in order, and the results keep the order', async () => {
  const begun: number[] = [];
  const ends: (() => void)[] = [];
  let running = 0;
  let most = 0;
  const jobs = [0, 1, 2, 3].map((n) => async () => {
    begun.push(n);
    most = Math.max(most, (running += 1));
    await new Promise<void>((resolve) => (ends[n] = resolve));
    running -= 1;
    return n * 10;
  });
  const all = atOnce(2, jobs);
  for (const n of [1, 0, 2, 3]) {
    await expect.poll(() => begun.includes(n)).toBe(true);
    ends[n]?.();
  }
  expect(await all).toEqual([0, 10, 20, 30]);
  expect([begun, most]).toEqual([[0, 1, 2, 3], 2]);
});

test('a job that fails is told, and no jobs are none', async () => {
  await expect(atOnce(2, [() => Promise.reject(new Error('broken'))])).rejects.toThrow('broken');
  expect(await atOnce(2, [])).toEqual([]);
});
