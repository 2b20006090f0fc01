import { describe, expect, it } from 'vitest';
import { scoreOf, survivorsOf, table } from '../../../../scripts/lib/mutation/report.ts';
import type { Outcome, RoomResult, Tried } from '../../../../scripts/lib/mutation/run.ts';
import { sampleOf } from '../../../../scripts/lib/mutation/sample.ts';

const tried = (outcome: Outcome, more: Partial<Tried> = {}): Tried => ({
  id: 0,
  file: 'a/b.ts',
  kind: 'condition',
  start: 0,
  end: 1,
  line: 3,
  column: 7,
  replacement: 'false',
  source: 'if (x) return;',
  outcome,
  by: null,
  ...more,
});
const room = (name: string, mutants: number, ...outcomes: Outcome[]): RoomResult => ({
  room: name,
  mutants,
  tried: outcomes.map((outcome) => tried(outcome)),
  ms: 1,
});

describe('the score', () => {
  it.each([
    [['killed', 'killed', 'survived', 'not met'], 50],
    [['killed', 'late'], 100],
    [['not met'], 0],
    [[], 100],
  ] as [Outcome[], number][])('of %j is %d', (outcomes, score) => {
    expect(scoreOf(outcomes.map((outcome) => ({ outcome })))).toBe(score);
  });

  it('stands in a table, room by room and over all', () => {
    expect(table([room('a', 10, 'killed', 'survived'), room('b', 2, 'killed', 'late')]).slice(2)).toEqual([
      '| a | 10 | 2 | 1 | 0 | 1 | 0 | 50.0 % |',
      '| b | 2 | 2 | 1 | 1 | 0 | 0 | 100.0 % |',
      '| all | 12 | 4 | 2 | 1 | 1 | 0 | 75.0 % |',
    ]);
  });
});

describe('a survivor', () => {
  it('is told with its place, its kind, its change and its line', () => {
    const result = {
      ...room('a', 4),
      tried: [
        tried('survived'),
        tried('not met', { replacement: 'a\n  b' }),
        tried('survived', { kind: 'call', replacement: '' }),
        tried('killed'),
      ],
    };
    expect(survivorsOf(result)).toEqual([
      'a/b.ts:3:7 [condition] => false    if (x) return;',
      'a/b.ts:3:7 [condition, not met] => a b    if (x) return;',
      'a/b.ts:3:7 [call] left out    if (x) return;',
    ]);
  });
});

describe('a sample', () => {
  const all = Array.from({ length: 100 }, (_, n) => n);

  it('is as large as asked for, in order, and the same for the same seed', () => {
    const sample = sampleOf(all, 20, 7);
    expect(sample).toHaveLength(20);
    expect(sample).toEqual(sample.toSorted((a, b) => a - b));
    expect(sampleOf(all, 20, 7)).toEqual(sample);
    expect(sampleOf(all, 20, 8)).not.toEqual(sample);
    expect(sampleOf(all, 500, 7)).toEqual(all);
  });
});
