import { describe, expect, it, test } from 'vitest';
import { barsOf, LEAST_BAR, partAt } from '../../../../renderer/src/ui/wave.ts';

describe('barsOf', () => {
  it.each<[string, number[], number, number[]]>([
    ['one bar for each peak', [0.25, 0.5, 1], 3, [0.25, 0.5, 1]],
    ['the loudest of its part', [0.1, 1, 0.5, 0.5], 2, [1, 0.5]],
    ['fewer peaks than bars are repeated', [0.5, 1], 4, [0.5, 0.5, 1, 1]],
    ['the loudest is full', [0.3, 0.6], 2, [0.5, 1]],
    ['a quiet one stays quiet', [0.1, 0.05], 2, [0.4, 0.2]],
    ['silence still has bars', [0, 0], 2, [LEAST_BAR, LEAST_BAR]],
    ['nothing is silence', [], 2, [LEAST_BAR, LEAST_BAR]],
    ['what is no number is silence, what is too loud is full', [Number.NaN, 7, -3], 3, [LEAST_BAR, 1, LEAST_BAR]],
    ['no bars', [1], 0, []],
  ])('%s', (_name, peaks, count, bars) => {
    expect(barsOf(peaks, count)).toEqual(bars);
  });
});

test('a place on the wave is a part of the whole', () => {
  expect([partAt(-5, 100), partAt(25, 100), partAt(300, 100), partAt(5, 0)]).toEqual([0, 0.25, 1, 0]);
});
