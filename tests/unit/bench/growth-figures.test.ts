import { describe, expect, it } from 'vitest';
import { blockFigure, growthFigure, ratio } from '../../bench/growth/growth-figures.ts';

const sample = (...times: number[]) => ({ times });

describe('the ratio', () => {
  it.each([
    ['the largest through the smallest, whatever is between', [sample(2), sample(100), sample(6)], 3],
    ['by the median of each', [sample(1, 2, 90), sample(4, 4, 4)], 2],
    ['with times too short to tell as half a millisecond', [sample(0.01), sample(1)], 2],
    ['also of the last', [sample(2), sample(0.01)], 0.25],
  ])('is %s', (_what, samples, expected) => {
    expect(ratio(samples)).toBe(expected);
  });

  it.each([[[]], [[sample(1)]], [[sample(1), sample()]]])('of %j cannot be told', (samples) => {
    expect(() => ratio(samples)).toThrow(RangeError);
  });
});

it('a row tells its times beside its growth, which has to stay below two', () => {
  expect(growthFigure({ name: 'send', what: 'send' }, [sample(1, 1, 8), sample(3, 3, 120)])).toEqual({
    name: 'growth.send',
    what: 'send: 1.00 ms, 3.00 ms',
    value: 3,
    unit: 'x',
    budget: { atMost: 2, exclusive: true },
    note: 'p95 8.00 ms, 120 ms',
  });
});

it('a block is the longest at any size, and told with what was computed in it', () => {
  const samples = [
    { block: 3, computed: 1 },
    { block: 60, computed: 20 },
    { block: 7, computed: 6 },
  ];
  expect(blockFigure('send', 'send', samples)).toMatchObject({
    name: 'growth.send.block',
    value: 60,
    budget: { atMost: 50 },
    note: 'at each size 3.00 ms, 60.00 ms, 7.00 ms; computing in the longest 20.00 ms',
  });
});
