import { expect, test } from 'vitest';
import { listeningIn, listeningWords, secondNow } from '../../../../renderer/src/composables/listening.ts';

const SINCE = Date.UTC(2026, 2, 14, 20, 15);

test.each([
  ['Slow Light', 'Paper Harbour'],
  ['Stand by Me', 'Ben Harper'],
  ['Untitled', null],
  ['Ten  spaces', 'A B'],
  ['Кино since 1990', 'Группа'],
])('%s by %s is read as it was written', (title, artist) => {
  const words = listeningWords({ title, artist, since: SINCE });
  expect(listeningIn(words)).toEqual({ title: title.replace(/\s+/g, ' '), artist, since: SINCE });
});

test('the words can be read by people', () => {
  expect(listeningWords({ title: 'Slow Light', artist: 'Paper Harbour', since: SINCE })).toBe(
    'Listening to Slow Light by Paper Harbour since 2026-03-14T20:15:00.000Z',
  );
});

test.each([
  'Listening to Slow Light by Paper Harbour',
  'I am Listening to X since 2026-03-14T20:15:00Z',
  'Listening to X since 2026-03-14T20:15:00Z, and you?',
  'Listening to X since yesterday',
  'Listening to X since 2026-19-74T20:15:00Z',
  'Listening to  since 2026-03-14T20:15:00Z',
  '',
])('%j is no invitation', (text) => {
  expect(listeningIn(text)).toBeNull();
});

test.each([
  [0, 0],
  [107_500, 107.5],
  [-5_000, 0],
  [199_999, 199.999],
  [200_000, null],
  [-120_000, null],
  [90_000_000, null],
])('%i ms after it began, it plays second %s', (passed, second) => {
  expect(secondNow({ title: 'x', artist: null, since: SINCE }, 200, SINCE + passed)).toBe(second);
});

test('not even the longest mix goes on for days', () => {
  expect(secondNow({ title: 'x', artist: null, since: SINCE }, 1_000_000, SINCE + 90_000_000)).toBeNull();
});
