import { describe, expect, test } from 'vitest';
import * as format from '../../../renderer/src/i18n/format.ts';
import { formatLocale, pickLocale, pluralIndex } from '../../../renderer/src/i18n/locale.ts';

const at = (...parts: [number, number, number, number?, number?]) => new Date(...parts).getTime();
const now = at(2026, 10, 23, 14, 30);
/** Intl writes narrow spaces that look like any other. */
const plain = (text: string) => text.replaceAll(/\s/g, ' ');

describe('days', () => {
  test.each([
    { time: at(2026, 10, 23, 0, 0), days: 0 },
    { time: at(2026, 10, 22, 23, 59), days: 1 },
    { time: at(2026, 10, 24, 0, 1), days: -1 },
    { time: at(2026, 9, 23, 14, 30), days: 31 },
    { time: at(2025, 10, 23, 14, 30), days: 365 },
  ])('$days calendar days', ({ time, days }) => {
    expect(format.daysBetween(time, now)).toBe(days);
  });

  test.each([
    { tag: 'en-GB', time: at(2026, 10, 23, 1), want: 'Today' },
    { tag: 'en-GB', time: at(2026, 10, 22, 1), want: 'Yesterday' },
    { tag: 'en-GB', time: at(2026, 10, 20, 1), want: 'Friday 20 November' },
    { tag: 'en-GB', time: at(2025, 2, 3, 1), want: 'Monday, 3 March 2025' },
    { tag: 'ru', time: at(2026, 10, 23, 1), want: 'Сегодня' },
    { tag: 'ru', time: at(2026, 10, 22, 1), want: 'Вчера' },
    { tag: 'ru', time: at(2026, 10, 20, 1), want: 'Пятница, 20 ноября' },
  ])('$tag: $want', ({ tag, time, want }) => {
    expect(plain(format.formatDay(tag, time, now))).toBe(want);
  });
});

test.each([
  { tag: 'en-GB', time: at(2026, 10, 23, 9, 5), want: '09:05' },
  { tag: 'en-US', time: at(2026, 10, 23, 9, 5), want: '9:05 AM' },
  { tag: 'ru', time: at(2026, 10, 23, 9, 5), want: '09:05' },
  { tag: 'en-GB', time: at(2026, 10, 22, 9, 5), want: 'Sun' },
  { tag: 'ru', time: at(2026, 10, 17, 9, 5), want: 'вт' },
  { tag: 'en-GB', time: at(2026, 10, 16, 9, 5), want: '16 Nov' },
  { tag: 'en-GB', time: at(2024, 1, 3, 9, 5), want: '03/02/24' },
  { tag: 'en-GB', time: at(2026, 10, 23, 20, 5), want: '20:05' },
])('in a list, $tag: $want', ({ tag, time, want }) => {
  expect(plain(format.formatListTime(tag, time, now))).toBe(want);
});

test.each([
  { time: now - 10_000, want: '1 minute ago' },
  { time: now - 59 * 60_000, want: '59 minutes ago' },
  { time: now - 2 * 3_600_000, want: '2 hours ago' },
  { time: at(2026, 10, 22, 7), want: 'yesterday' },
  { time: at(2026, 10, 13, 7), want: '10 days ago' },
  { time: now + 60_000, want: '1 minute ago' },
])('ago: $want', ({ time, want }) => {
  expect(format.formatAgo('en', time, now)).toBe(want);
});

test.each([
  { tag: 'en', bytes: 0, want: '0 bytes' },
  { tag: 'en', bytes: 999, want: '999 bytes' },
  { tag: 'ru', bytes: 5, want: '5 байт' },
  { tag: 'en', bytes: 1_000, want: '1 kB' },
  { tag: 'en', bytes: 3_440_000, want: '3.4 MB' },
  { tag: 'en', bytes: 104_857_600, want: '105 MB' },
  { tag: 'ru', bytes: 3_440_000, want: '3,4 МБ' },
  { tag: 'en', bytes: -5, want: '0 bytes' },
])('$bytes bytes in $tag: $want', ({ tag, bytes, want }) => {
  expect(plain(format.formatBytes(tag, bytes))).toBe(want);
});

test.each([
  [7, '0:07'],
  [225.4, '3:45'],
  [3_723, '1:02:03'],
  [-1, '0:00'],
])('%d seconds: %s', (seconds, want) => {
  expect(format.formatDuration(seconds)).toBe(want);
});

describe('the language', () => {
  test.each([
    { language: 'ru', system: 'en-US', want: 'ru' },
    { language: 'en', system: 'ru-RU', want: 'en' },
    { language: 'system', system: 'ru-RU', want: 'ru' },
    { language: 'system', system: 'ru_RU', want: 'ru' },
    { language: 'system', system: 'RU', want: 'ru' },
    { language: 'system', system: 'de-DE', want: 'en' },
    { language: 'system', system: '', want: 'en' },
  ] as const)('$language on $system: $want', ({ language, system, want }) => {
    expect(pickLocale(language, system)).toBe(want);
  });

  test.each([
    { locale: 'en', system: 'en-GB', want: 'en-GB' },
    { locale: 'en', system: 'en_GB', want: 'en-GB' },
    { locale: 'en', system: 'ru-RU', want: 'en' },
    { locale: 'ru', system: 'ru-KZ', want: 'ru-KZ' },
    { locale: 'en', system: 'en_US.UTF-8', want: 'en' },
  ] as const)('$locale on $system is written as $want', ({ locale, system, want }) => {
    expect(formatLocale(locale, system)).toBe(want);
  });

  test.each([
    { locale: 'en', forms: 2, counts: { 0: 1, 1: 0, 2: 1, 21: 1 } },
    { locale: 'ru', forms: 3, counts: { 0: 2, 1: 0, 2: 1, 4: 1, 5: 2, 11: 2, 14: 2, 21: 0, 22: 1, 111: 2 } },
    { locale: 'ru', forms: 1, counts: { 0: 0, 5: 0 } },
  ] as const)('$locale counts with $forms forms', ({ locale, forms, counts }) => {
    for (const [count, index] of Object.entries(counts)) expect(pluralIndex(locale, Number(count), forms)).toBe(index);
  });

  test('a Russian fraction takes the form of a few', () => {
    expect(pluralIndex('ru', 1.5, 3)).toBe(1);
  });
});
