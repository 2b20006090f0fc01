/** Ids of messages: UUIDv7 that only grow, whatever the clock does. */
import { describe, expect, test } from 'vitest';
import { createIdMaker } from '../../../../electron/main/services/accounts/ids.ts';

const NOW = 0x0199_1234_5678;
/** Random bytes, each of the same value. */
const all = (value: number) => (n: number) => new Uint8Array(n).fill(value);
/** Bytes whose ninth, the seed of the counter, is given. */
const seeded = (seed: number) => (n: number) => new Uint8Array(n).with(8, seed);

test.each([
  ['nothing but zeros', all(0), '01991234-5678-7001-8000-000000000000'],
  ['nothing but ones', all(0xff), '01991234-5678-71ff-bfff-ffffffffffff'],
  ['a counter of its own', seeded(0x20), '01991234-5678-7041-8000-000000000000'],
])('time, version, counter, variant and randomness stand where they belong: %s', (_what, bytes, id) => {
  expect(createIdMaker(() => NOW, bytes)()).toBe(id);
});

test('a time with fractions counts in whole milliseconds, an early one is filled up', () => {
  expect(createIdMaker(() => 1.9, all(0))()).toBe('00000000-0001-7001-8000-000000000000');
});

test('within a millisecond the counter goes up by one', () => {
  const next = createIdMaker(() => NOW, seeded(0));
  expect([next(), next(), next()].map((id) => id.slice(14, 18))).toEqual(['7001', '7002', '7003']);
});

test('when the counter is used up, the next millisecond is borrowed, and then counted on from', () => {
  const next = createIdMaker(() => NOW, seeded(0));
  const ids = Array.from({ length: 0x1001 }, next);
  expect(ids[0xffe]?.slice(0, 18)).toBe('01991234-5678-7fff');
  expect(ids[0xfff]?.slice(0, 18)).toBe('01991234-5679-7000');
  expect(ids[0x1000]?.slice(0, 18)).toBe('01991234-5679-7001');
});

test('a clock that is set back does not make an id smaller than the one before', () => {
  let now = NOW;
  const next = createIdMaker(() => now, seeded(0));
  const before = next();
  now -= 60_000;
  expect(next() > before).toBe(true);
  expect(next().slice(0, 13)).toBe('01991234-5678');
});

describe('by itself', () => {
  test('ids are UUIDs, all different, and in order', () => {
    const next = createIdMaker(() => Date.now());
    const ids = Array.from({ length: 5_000 }, next);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.toSorted()).toEqual(ids);
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });
});
