/** The link that takes its time: the same chance makes the same delays and losses. */
import { expect, test } from 'vitest';
import { delayOf } from '../../helpers/slow-link.ts';

const chances =
  (...values: number[]) =>
  () =>
    values.shift() ?? 0;

test.each([
  { name: 'neither early nor late', terms: { delayMs: 50, jitterMs: 20, loss: 0.01 }, chance: [0.5, 0.5], delay: 50 },
  { name: 'as early as it can be', terms: { delayMs: 50, jitterMs: 20, loss: 0.01 }, chance: [0.5, 0], delay: 30 },
  { name: 'almost as late as it can be', terms: { delayMs: 50, jitterMs: 20, loss: 0 }, chance: [0, 0.75], delay: 60 },
  { name: 'never before it was sent', terms: { delayMs: 5, jitterMs: 20, loss: 0 }, chance: [0, 0], delay: 0 },
  { name: 'lost', terms: { delayMs: 50, jitterMs: 20, loss: 0.01 }, chance: [0.009, 0.5], delay: null },
  {
    name: 'at the edge of being lost',
    terms: { delayMs: 50, jitterMs: 0, loss: 0.01 },
    chance: [0.01, 0.5],
    delay: 50,
  },
])('a packet is $name', ({ terms, chance, delay }) => {
  expect(delayOf(terms, chances(...chance))).toBe(delay);
});
