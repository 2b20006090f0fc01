/** Ids by their form, and by chance: no two alike, and no character more likely than another. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { Id } from '../../../contract/api/shared.ts';
import { newId } from '../../../relay/ids.ts';

test('are as the contract has them, and no two alike', () => {
  const ids = Array.from({ length: 20_000 }, newId);
  for (const id of ids) expect(id).toMatch(/^[a-z][0-9a-z]{23}$/);
  expect(Id.safeParse(ids[0]).success).toBe(true);
  expect(new Set(ids).size).toBe(ids.length);
});

test('every character is as likely as any other', () => {
  const counts = new Map<string, number>();
  for (let n = 0; n < 20_000; n += 1) {
    for (const character of newId().slice(1)) counts.set(character, (counts.get(character) ?? 0) + 1);
  }
  const each = (20_000 * 23) / 36;
  expect(counts.size).toBe(36);
  // Eight deviations of a fair draw; a remainder of a byte that is not thrown away makes some a seventh more likely.
  for (const [character, count] of counts)
    expect([character, Math.abs(count - each) / Math.sqrt(each) < 8]).toEqual([character, true]);
});

test('one that is kept keeps nothing else in memory', () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const heap = (): number => {
    collect();
    return process.memoryUsage().heapUsed;
  };
  const before = heap();
  // Far enough from each other to be of different pools of the library, each of 32 KiB.
  const kept = Array.from({ length: 300 }, () => {
    for (let n = 0; n < 1500; n += 1) newId();
    return newId();
  });
  expect(heap() - before).toBeLessThan((kept.length * 32_768) / 4);
});
