import { describe, expect, it } from 'vitest';
import {
  firstDayOfWeek,
  monthOf,
  moveDay,
  moveMonth,
  weeksOf,
} from '../../../../renderer/src/features/conversation/calendar.ts';
import { isWaiting, messageMenu, needsDecision } from '../../../../renderer/src/features/conversation/menu-entries.ts';
import { typingWords } from '../../../../renderer/src/features/conversation/typing-words.ts';
import { pending, stored } from './message.ts';

describe('the calendar', () => {
  const day = (week: (number | null)[]): (number | null)[] =>
    week.map((time) => (time === null ? null : new Date(time).getDate()));

  it('lays out March 2026 from Monday and from Sunday', () => {
    const monday = weeksOf({ year: 2026, month: 2 }, 1);
    expect(day(monday[0] ?? [])).toEqual([null, null, null, null, null, null, 1]);
    expect(day(monday.at(-1) ?? [])).toEqual([30, 31, null, null, null, null, null]);
    const sunday = weeksOf({ year: 2026, month: 2 }, 7);
    expect(day(sunday[0] ?? [])).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  it.each([2023, 2024, 2026, 2100])('holds every day of every month of %d once', (year) => {
    for (let month = 0; month < 12; month++) {
      const days = weeksOf({ year, month }, 1)
        .flat()
        .filter((time) => time !== null);
      expect(days).toHaveLength(new Date(year, month + 1, 0).getDate());
      expect(new Set(days).size).toBe(days.length);
    }
  });

  it('moves over years and over changes of summer time', () => {
    expect(moveMonth({ year: 2026, month: 0 }, -1)).toEqual({ year: 2025, month: 11 });
    expect(moveMonth({ year: 2026, month: 11 }, 1)).toEqual({ year: 2027, month: 0 });
    let at = new Date(2026, 0, 1).getTime();
    for (let step = 0; step < 365; step++) at = moveDay(at, 1);
    expect(at).toBe(new Date(2027, 0, 1).getTime());
    expect(monthOf(at)).toEqual({ year: 2027, month: 0 });
  });

  it('knows where a week begins', () => {
    expect([firstDayOfWeek('ru'), firstDayOfWeek('en-US')]).toEqual([1, 7]);
  });
});

describe('messageMenu', () => {
  const ids = (...[message, aim]: [Parameters<typeof messageMenu>[0], Parameters<typeof messageMenu>[2]?]): string =>
    messageMenu(message, (key) => key, aim)
      .filter((entry) => entry.kind === 'action')
      .map((entry) => entry.id)
      .join(' ');

  it.each([
    ['what somebody else wrote', stored(1), 'reply react copy forward select details'],
    ['what one has sent', stored(1, { mine: true, state: 'read' }), 'reply react copy forward select details'],
    ['what waits', pending(1), 'edit copy details cancel'],
    ['what waits for the sign-in', pending(1, { state: 'waiting_auth' }), 'edit copy details cancel'],
    ['what is on its way', pending(1, { state: 'sending' }), 'copy details'],
    ['what was refused', pending(1, { state: 'failed' }), 'resend edit copy details discard'],
    ['what nobody knows', pending(1, { state: 'unknown', undecided: true }), 'resend copy details discard'],
    ['what is being found out', pending(1, { state: 'unknown' }), 'copy details'],
    ['one of two copies', stored(1, { doubleOf: 'm2' }), 'reply react copy forward select other details'],
    ['files without words', stored(1, { text: '' }), 'reply react forward select details'],
  ])('of %s', (_name, message, expected) => {
    expect(ids(message)).toBe(expected);
  });

  it.each([
    ['nowhere', { selected: ' ', link: null }, 'reply react copy forward select details'],
    ['on a link', { selected: '', link: 'https://a.example' }, 'reply react copyLink copy forward select details'],
    [
      'with words selected',
      { selected: 'two words', link: null },
      'reply react copySelection copy forward select details',
    ],
  ])('offers copy link and copy selection where it was asked for: %s', (_name, aim, expected) => {
    expect(ids(stored(1), aim)).toBe(expected);
  });

  it('tells what waits from what must be decided', () => {
    expect([isWaiting(pending(1)), isWaiting(pending(1, { state: 'sending' })), isWaiting(stored(1))]).toEqual([
      true,
      false,
      false,
    ]);
    expect(needsDecision(pending(1, { state: 'unknown', undecided: true }))).toBe(true);
    expect(needsDecision(pending(1))).toBe(false);
  });
});

describe('typingWords', () => {
  const t = (key: string, values: Record<string, string> = {}, count?: number): string =>
    `${key.split('.').at(-1) ?? ''} ${Object.values(values).join(' ')} ${count === undefined ? '' : String(count)}`.trim();
  const users = ['Anna', 'Boris', 'Ken', 'Olga'].map((name) => ({ id: name, name }));

  it.each([
    [0, false, ''],
    [1, true, 'alone'],
    [1, false, 'one Anna'],
    [2, false, 'two Anna Boris'],
    [3, false, 'many Anna 2 2'],
    [4, false, 'many Anna 3 3'],
  ])('of %d people, alone %s', (count, alone, words) => {
    expect(typingWords(users.slice(0, count), alone, t)).toBe(words);
  });
});
