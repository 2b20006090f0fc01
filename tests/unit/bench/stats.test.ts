import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { median, percentile, summarize } from '../../bench/lib/stats.ts';

describe('percentile', () => {
  const hundred = Array.from({ length: 100 }, (_, n) => 100 - n);

  it.each([
    [0, 1],
    [0.5, 50],
    [0.95, 95],
    [0.99, 99],
    [0.995, 100],
    [1, 100],
  ])('answers the nearest rank: %d of 1..100 is %d', (share, expected) => {
    expect(percentile(hundred, share)).toBe(expected);
  });

  it('answers a sample, never less than the smallest or more than the largest', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer(), { minLength: 1, maxLength: 300 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (samples, share) => {
          const value = percentile(samples, share);
          expect(samples).toContain(value);
          const notAbove = samples.filter((sample) => sample <= value).length;
          expect(notAbove / samples.length).toBeGreaterThanOrEqual(share - 1e-9);
        },
      ),
    );
  });

  it('refuses an empty row and a share outside 0 to 1', () => {
    expect(() => percentile([], 0.5)).toThrow(RangeError);
    expect(() => percentile([1], 1.1)).toThrow(RangeError);
    expect(() => percentile([1], Number.NaN)).toThrow(RangeError);
  });

  it('leaves its argument as it was', () => {
    const samples = [3, 1, 2];
    percentile(samples, 0.5);
    median(samples);
    summarize(samples);
    expect(samples).toEqual([3, 1, 2]);
  });
});

describe('median', () => {
  it.each([
    [[5], 5],
    [[5, 1], 3],
    [[9, 1, 5], 5],
    [[4, 1, 3, 2], 2.5],
  ])('of %j is %d', (samples, expected) => {
    expect(median(samples)).toBe(expected);
  });
});

describe('summarize', () => {
  it('gives every number of the report', () => {
    expect(summarize([1, 2, 3, 4])).toEqual({ n: 4, min: 1, p50: 2, p95: 4, p99: 4, max: 4, mean: 2.5 });
  });
});
