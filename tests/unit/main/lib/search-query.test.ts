import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseQuery, type ParsedQuery } from '../../../../electron/main/lib/search-query.ts';

const EMPTY: ParsedQuery = {
  phrases: [],
  prefix: null,
  from: [],
  in: [],
  has: [],
  before: null,
  after: null,
  problems: [],
};
const day = (year: number, month: number, date: number): number => new Date(year, month - 1, date).getTime();

const TABLE: [string, Partial<ParsedQuery>][] = [
  ['', {}],
  ['   ', {}],
  ['hello', { prefix: 'hello' }],
  ['hello ', { phrases: [['hello']] }],
  ['Hello WORLD', { phrases: [['hello']], prefix: 'world' }],
  ['Привет Ёлка ', { phrases: [['привет'], ['елка']] }],
  ['чай', { prefix: 'чай' }],
  ['naïve café ', { phrases: [['naive'], ['cafe']] }],
  ['"exact phrase"', { phrases: [['exact', 'phrase']] }],
  ['"not clos', { phrases: [['not']], prefix: 'clos' }],
  ['"not closed ', { phrases: [['not', 'closed']] }],
  ['"', {}],
  [
    '“exact phrase” „so wie“ «вот так» now',
    {
      phrases: [
        ['exact', 'phrase'],
        ['so', 'wie'],
        ['вот', 'так'],
      ],
      prefix: 'now',
    },
  ],
  ['from:“Anna Bell”', { from: ['Anna Bell'] }],
  ['don’t ', { phrases: [['don', 't']] }],
  ['上海', { phrases: [['上', '海']] }],
  ['iPhone手机', { phrases: [['iphone', '手', '机']] }],
  ['手机iP', { phrases: [['手', '机']], prefix: 'ip' }],
  ['""', {}],
  ['foo-bar ', { phrases: [['foo', 'bar']] }],
  ['foo-ba', { phrases: [['foo']], prefix: 'ba' }],
  ['from:anna', { from: ['anna'] }],
  ['FROM:anna lunch', { from: ['anna'], prefix: 'lunch' }],
  ['from:"Anna Bell" lunch ', { from: ['Anna Bell'], phrases: [['lunch']] }],
  ['from:', { problems: ['from:'] }],
  ['from: anna', { problems: ['from:'], prefix: 'anna' }],
  ['in:boris has:image', { in: ['boris'], has: ['image'] }],
  ['has:file has:file', { has: ['file'] }],
  ['has:music has:photo', { has: ['audio', 'image'] }],
  ['has:constructor', { problems: ['has:constructor'] }],
  ['has:teapot tea', { problems: ['has:teapot'], prefix: 'tea' }],
  ['before:2026-01-02', { before: day(2026, 1, 2) }],
  ['after:2026-01-02 x', { after: day(2026, 1, 2), prefix: 'x' }],
  ['before:2026-05-01 before:2026-03-01', { before: day(2026, 3, 1) }],
  ['after:2026-05-01 after:2026-03-01', { after: day(2026, 5, 1) }],
  ['before:2026-02-30', { problems: ['before:2026-02-30'] }],
  ['before:yesterday', { problems: ['before:yesterday'] }],
  ['note:this', { phrases: [['note']], prefix: 'this' }],
  ['https://example.org/x', { phrases: [['https', 'example', 'org']], prefix: 'x' }],
  ['!!! ??? ***', {}],
  ['AND OR NOT NEAR(', { phrases: [['and'], ['or'], ['not']], prefix: 'near' }],
  ['a" OR "b', { phrases: [['a'], ['or']], prefix: 'b' }],
  ['👍🏽', { prefix: '👍' }],
];

describe('parseQuery', () => {
  it.each(TABLE)('%j', (text, expected) => {
    expect(parseQuery(text)).toEqual({ ...EMPTY, ...expected });
  });

  it('is total: any text is a query of words that an index knows', () => {
    const piece = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 12 }),
      fc.constantFrom('"', 'from:', 'has:', '*', ' ', '(', ')', ':', '^', '-', 'a', 'before:2026-01-01', '\0'),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
        const query = parseQuery(pieces.join(''));
        const all = [...query.phrases.flat(), ...(query.prefix === null ? [] : [query.prefix])];
        return (
          query.phrases.every((phrase) => phrase.length > 0) &&
          all.every((word) => word !== '' && !/[\s"*:()^]/u.test(word))
        );
      }),
    );
  });
});
