import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { summarizeWays, type Hops } from '../../../bench/trace/hops.ts';
import type { Followed } from '../../../bench/trace/way.ts';

/** A way through these moments; `times` from the start on. */
function way(times: Record<string, number>): Followed {
  return { ok: true, moments: Object.entries(times).map(([key, at]) => ({ key, at })) };
}

function hopsOf(ways: readonly Followed[]): Hops {
  const outcome = summarizeWays(ways);
  if (!outcome.ok) throw new Error(outcome.reason);
  return outcome.hops;
}

const missing: Followed = { ok: false, reason: 'event: not seen' };
const many = (count: number, one: Followed): Followed[] => Array.from({ length: count }, () => one);

describe('summarizeWays', () => {
  it('takes the medians of each hop and of the whole', () => {
    const hops = hopsOf([
      way({ key: 0, sent: 1, shown: 11 }),
      way({ key: 5, sent: 8, shown: 28 }),
      way({ key: 9, sent: 11, shown: 14 }),
    ]);
    expect(hops.start).toBe('key');
    expect(hops.hops.map(({ key, summary }) => [key, summary.p50, summary.max])).toEqual([
      ['sent', 2, 3],
      ['shown', 10, 20],
    ]);
    expect(hops.total.p50).toBe(11);
    expect(hops.sumOfMedians).toBe(12);
    expect(hops.hops.map(({ share }) => share)).toEqual([6 / 39, 33 / 39]);
  });

  it('shares out the whole time, whatever the hops are', () => {
    const hop = fc.double({ min: 0.01, max: 1000, noNaN: true });
    fc.assert(
      fc.property(fc.array(fc.tuple(hop, hop, hop), { minLength: 1, maxLength: 40 }), (rows) => {
        const hops = hopsOf(rows.map(([a, b, c]) => way({ key: 0, a, b: a + b, shown: a + b + c })));
        const shares = hops.hops.reduce((sum, { share }) => sum + share, 0);
        expect(shares).toBeCloseTo(1, 9);
        const means = hops.hops.reduce((sum, { summary }) => sum + summary.mean, 0);
        expect(means).toBeCloseTo(hops.total.mean, 2);
      }),
    );
  });

  it('counts hops below zero', () => {
    const hops = hopsOf([way({ key: 0, sent: 1, shown: 0.5 }), way({ key: 0, sent: 1, shown: 2 })]);
    expect(hops.hops.map(({ backwards }) => backwards)).toEqual([0, 1]);
  });

  it('leaves out a few incomplete ones and says why', () => {
    const other = way({ key: 0, shown: 50 });
    const hops = hopsOf([...many(38, way({ key: 0, sent: 1, shown: 2 })), missing, other]);
    expect(hops.complete).toBe(38);
    expect(hops.total.max).toBe(2);
    expect(hops.incomplete).toEqual([
      { reason: 'event: not seen', count: 1 },
      { reason: 'another way: no sent', count: 1 },
    ]);
  });

  it.each<[what: string, ways: Followed[], reason: string]>([
    ['none at all', [], '0 of 0 ways are incomplete: '],
    ['only incomplete ones', many(3, missing), '3 of 3 ways are incomplete: event: not seen (3)'],
    [
      'more than one of twenty incomplete',
      [...many(18, way({ key: 0, shown: 1 })), ...many(1, missing), way({ key: 0, sent: 1, shown: 2 })],
      '2 of 20 ways are incomplete: event: not seen (1); another way: also sent (1)',
    ],
  ])('refuses %s', (_what, ways, reason) => {
    expect(summarizeWays(ways)).toEqual({ ok: false, reason });
  });

  it.each([
    [5, true],
    [6, false],
  ])('answers with %d of 100 incomplete: %s', (count, ok) => {
    expect(summarizeWays([...many(100 - count, way({ key: 0, shown: 1 })), ...many(count, missing)]).ok).toBe(ok);
  });
});
