import { describe, expect, it } from 'vitest';
import { format, markdown, table, tally, verdict, type CaseResult, type Figure } from '../../bench/lib/report.ts';

const figure = (value: number, budget: Figure['budget']): Figure => ({
  name: 'open',
  what: 'open a chat',
  value,
  unit: 'ms',
  budget,
});

describe('verdict', () => {
  it.each([
    [150, { atMost: 150 }, 'met'],
    [150.01, { atMost: 150 }, 'missed'],
    [400, { atMost: 400, exclusive: true }, 'missed'],
    [399, { atMost: 400, exclusive: true }, 'met'],
    [Number.NaN, { atMost: 150 }, 'missed'],
    [5, null, ''],
  ])('%d against %j is "%s"', (value, budget, expected) => {
    expect(verdict({ value, budget })).toBe(expected);
  });
});

describe('format', () => {
  it.each([
    [0.123, 'ms', '0.12 ms'],
    [12.34, 'ms', '12.3 ms'],
    [123.4, 'ms', '123 ms'],
    [7, '', '7'],
    [Number.NaN, 'ms', '-'],
  ])('writes %d %s as %s', (value, unit, expected) => {
    expect(format(value, unit)).toBe(expected);
  });
});

describe('table', () => {
  const result: CaseResult = {
    name: 'open',
    title: 'Opening',
    method: 'A click.',
    figures: [figure(120, { atMost: 150 }), figure(180, { atMost: 150 }), figure(3, null)],
    refused: ['the peer could not'],
    seconds: 4,
  };

  it('puts the budget and the verdict beside each figure', () => {
    const lines = table([result]).split('\n');
    expect(lines[2]).toMatch(/open a chat +120 ms +<= 150 ms +met$/);
    expect(lines[3]).toMatch(/180 ms +<= 150 ms +missed$/);
    expect(lines[4]).toMatch(/3 ms$/);
    expect(lines[5]).toContain('not done: the peer could not');
  });

  it('writes the same as a document', () => {
    const text = markdown([result]);
    expect(text).toContain('## open: Opening\n\nA click.\n\n| figure |');
    expect(text).toContain('| open a chat | 120 ms | <= 150 ms | met |');
    expect(text).toContain('| open a chat | 180 ms | <= 150 ms | **missed** |');
    expect(text).toContain('| open a chat | 3 ms |  |  |');
    expect(text.endsWith('Not done: the peer could not.')).toBe(true);
  });

  const summary = { n: 3, min: 1, p50: 2, p95: 12.5, p99: 13, max: 13, mean: 3 };
  const hop = (what: string, share: number | null): Figure => ({ ...figure(2, null), what, summary, share });
  const traced: CaseResult = {
    ...result,
    figures: [figure(0.5, null), hop('node: committed', 0.4251), hop('beside: the answer', null)],
    refused: [],
  };

  it('gives hops a table of their own, with their share', () => {
    const lines = table([traced]).split('\n');
    expect(lines[2]).toMatch(/open a chat +0\.50 ms$/);
    expect(lines[3]).toMatch(/hop +p50 +p95 +share$/);
    expect(lines[4]).toMatch(/node: committed +2 ms +12\.5 ms +42\.5 %$/);
    expect(lines[5]).toMatch(/beside: the answer +2 ms +12\.5 ms$/);
  });

  it('writes hops as a table of the document', () => {
    const text = markdown([traced]);
    expect(text).toContain('| open a chat | 0.50 ms |  |  |\n\n| hop | p50 | p95 | share |\n|---|--:|--:|--:|\n');
    expect(text).toContain('| node: committed | 2 ms | 12.5 ms | 42.5 % |\n| beside: the answer | 2 ms | 12.5 ms |  |');
    expect(markdown([result])).not.toContain('hop');
  });

  it('counts only what has a budget', () => {
    expect(tally([result])).toEqual({ met: 1, missed: 1 });
  });
});
