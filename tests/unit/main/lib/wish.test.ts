import { describe, expect, it } from 'vitest';
import { isCalled, readWish } from '../../../../electron/main/lib/wish.ts';

/** The middle of June 2026. */
const NOW = new Date(2026, 5, 15, 12).getTime();
const PEOPLE = { anna: 'anna bell', boris: 'boris orlov', аня: 'аня', анна: 'анна белова', марк: 'марк' };
const whoIs = (name: string) => Object.entries(PEOPLE).flatMap(([id, folded]) => (isCalled(folded, name) ? [id] : []));
const month = (year: number, number: number) => ({
  after: new Date(year, number - 1, 1).getTime(),
  before: new Date(year, number, 1).getTime(),
});
const year = (number: number) => ({
  after: new Date(number, 0, 1).getTime(),
  before: new Date(number + 1, 0, 1).getTime(),
});

type Expected = Partial<ReturnType<typeof readWish>['query']> & { music?: boolean };
const TABLE: [string, Expected | null][] = [
  // Months: the last one that has begun, unless a year is said.
  ['that song from March', { ...month(2026, 3), music: true }],
  ['March', month(2026, 3)],
  ['march 2024', month(2024, 3)],
  ['2024 March', month(2024, 3)],
  ['June', month(2026, 6)],
  ['July', month(2025, 7)],
  ['december', month(2025, 12)],
  ['song in sept 2025', { ...month(2025, 9), music: true }],
  ['март', month(2026, 3)],
  ['в марте', month(2026, 3)],
  ['за март 2025', month(2025, 3)],
  ['та песня из марта', { ...month(2026, 3), music: true }],
  ['с мая', month(2026, 5)],
  ['в мае', month(2026, 5)],
  ['май', month(2026, 5)],
  ['in 2024', year(2024)],
  // What else is said stays words; the last one is still being typed.
  ['rain song March', { ...month(2026, 3), phrases: [['rain']], music: true }],
  ['March rai', { ...month(2026, 3), prefix: 'rai' }],
  ['"night drive" in March', { ...month(2026, 3), phrases: [['night', 'drive']] }],
  ['March has:image', { ...month(2026, 3), has: ['image'] }],
  ['March before:2026-03-10', { ...month(2026, 3), before: new Date(2026, 2, 10).getTime() }],
  // People.
  ['from Anna', { from: ['anna'] }],
  ['from an', { from: ['anna'] }],
  ['from Anna Bell tickets', { from: ['anna'], prefix: 'tickets' }],
  ['song by boris', { from: ['boris'], music: true }],
  ['the plan Boris sent in May', { ...month(2026, 5), from: ['boris'], phrases: [['plan']] }],
  ['от Анны', { from: ['анна'] }],
  ['от ани', { from: ['аня'] }],
  ['песня от Анны за март', { ...month(2026, 3), from: ['анна'], music: true }],
  ['которую прислала Анна', null],
  ['Анна прислала в марте', { ...month(2026, 3), from: ['анна'] }],
  ['song from March from Anna', { ...month(2026, 3), from: ['anna'], music: true }],
  // Words that only look like it.
  ['may I ask', null],
  ['from nobody', null],
  ['that song', null],
  ['mar', null],
  ['маяк', null],
  ['мартини', null],
  ['2024', null],
  ['"March"', null],
  ['from:anna', null],
  ['', null],
];

describe('a search in everyday words', () => {
  it.each(TABLE)('%s', (text, expected) => {
    const wish = readWish(text, NOW, whoIs);
    expect(wish.understood).toBe(expected !== null);
    if (!expected) return;
    const { music = false, ...query } = expected;
    expect(wish.music).toBe(music);
    expect(wish.query).toEqual({
      ...{ phrases: [], prefix: null, from: [], in: [], has: [], before: null, after: null, problems: [] },
      ...query,
    });
  });

  it('takes one of the current month as of this month, and of the next as of last year', () => {
    const last = new Date(2026, 0, 31, 23, 59).getTime();
    expect(readWish('january', last, whoIs).query).toMatchObject(month(2026, 1));
    expect(readWish('february', last, whoIs).query).toMatchObject(month(2025, 2));
    expect(readWish('декабрь', last, whoIs).query).toMatchObject(month(2025, 12));
  });
});

describe('a name in another case', () => {
  it.each([
    ['анна', 'анны', true],
    ['анна', 'анне', true],
    ['анна', 'анной', true],
    ['борис', 'бориса', true],
    ['игорь', 'игоря', true],
    ['мария', 'марии', true],
    ['анна', 'анто', false],
    ['марк', 'марта', false],
    ['anna', 'ann', true],
    ['anna', 'anne', false],
  ])('%s, %s: %s', (name, typed, is) => {
    expect(isCalled(name, typed)).toBe(is);
  });
});
