import { describe, expect, it } from 'vitest';
import { csvCell, csvLine } from '#contract/model/csv.ts';

describe('a cell', () => {
  it.each([
    '=1+1',
    '+1',
    '-1',
    '@SUM(A1)',
    ' =1+1',
    '\t=1',
    '\r=1',
    '\n=1',
    '\u200b=1',
    '\u00a0=1',
    '＝1+1',
    '＋1',
    '－1',
    '＠x',
    '|calc',
    '\tharmless',
  ])('%j is no formula any more', (text) => expect(csvCell(text)).toBe(`"'${text}"`));

  it.each(['a=b', 'x', '', 'мир', '1+1', 'a@b.example'])('%j stays as it is', (text) => {
    expect(csvCell(text)).toBe(`"${text}"`);
  });

  it('doubles quotes, and so never ends before its end', () => {
    expect(csvCell('a","=cmd')).toBe('"a"",""=cmd"');
    expect(csvCell('"=1')).toBe('"""=1"');
  });

  it('leaves numbers and nothing unquoted', () => expect(csvLine([1, null, -5, 'x'])).toBe('1,,-5,"x"\r\n'));
});
