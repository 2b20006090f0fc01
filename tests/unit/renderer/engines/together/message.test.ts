import { describe, expect, test } from 'vitest';
import { FULL_BUDGET, spend, type Budget } from '../../../../../renderer/src/engines/together/budget.ts';
import {
  parseTogether,
  togetherText,
  type TogetherMessage,
} from '../../../../../renderer/src/engines/together/message.ts';

const STATE = {
  kind: 'together',
  revision: { clock: 3, by: 1 },
  here: true,
  track: 'track_1',
  next: ['b', 'c'],
  playing: true,
  position: -0.4,
  at: 1234.5,
} satisfies TogetherMessage;

test.each<TogetherMessage>([
  { kind: 'ping', id: 1, sent: 12.5 },
  { kind: 'pong', id: 1, received: 3, sent: 4 },
  STATE,
  { ...STATE, track: null, next: [], playing: false, position: 0 },
])('what one side says arrives: $kind', (message) => {
  expect(parseTogether(togetherText(message))).toEqual(message);
});

test('a field that nobody knows is left out', () => {
  expect(parseTogether(JSON.stringify({ ...STATE, more: 'x', __proto__: null }))).toEqual(STATE);
});

describe('what is no message', () => {
  const without = (name: keyof typeof STATE): unknown =>
    Object.fromEntries(Object.entries(STATE).filter(([key]) => key !== name));
  test.each<[string, unknown]>([
    ['bytes', new ArrayBuffer(8)],
    ['no JSON', '{"kind":"ping"'],
    ['null', 'null'],
    ['a list', '[]'],
    ['another kind', JSON.stringify({ kind: 'state', muted: true })],
    ['a long one', togetherText(STATE) + ' '.repeat(5000)],
    ['a ping without a time', JSON.stringify({ kind: 'ping', id: 1 })],
    ['a ping from nowhen', '{"kind":"ping","id":1,"sent":1e400}'],
    ['half an id', JSON.stringify({ kind: 'ping', id: 0.5, sent: 1 })],
    ['a time before the begin', JSON.stringify({ kind: 'pong', id: 1, received: -1, sent: 1 })],
    ['a time as text', JSON.stringify({ kind: 'pong', id: 1, received: '1', sent: 1 })],
    ['no revision', JSON.stringify(without('revision'))],
    ['a third side', JSON.stringify({ ...STATE, revision: { clock: 1, by: 2 } })],
    ['a clock that nothing follows', JSON.stringify({ ...STATE, revision: { clock: 2 ** 53, by: 0 } })],
    ['a path for a track', JSON.stringify({ ...STATE, track: '../secret' })],
    ['an address for a track', JSON.stringify({ ...STATE, track: 'https://example.org/a.mp3' })],
    ['no track at all', JSON.stringify(without('track'))],
    ['a list that is none', JSON.stringify({ ...STATE, next: { length: 1, 0: 'a' } })],
    ['a number in the list', JSON.stringify({ ...STATE, next: ['a', 1] })],
    ['a list without end', JSON.stringify({ ...STATE, next: Array.from({ length: 31 }, () => 'a') })],
    ['a place far before the begin', JSON.stringify({ ...STATE, position: -60 })],
    ['a place after the end of every track', JSON.stringify({ ...STATE, position: 1e9 })],
    ['no place', JSON.stringify({ ...STATE, position: null })],
    ['neither playing nor not', JSON.stringify({ ...STATE, playing: 1 })],
    ['neither here nor not', JSON.stringify(without('here'))],
  ])('%s', (_what, data) => {
    expect(parseTogether(data)).toBeNull();
  });
});

test('a flood is cut, what people do is not, and it is over some time after the flood', () => {
  let budget: Budget = FULL_BUDGET;
  const taken = (count: number, from: number, every: number): number => {
    let seen = 0;
    for (let n = 0; n < count; n += 1) {
      const next = spend(budget, from + n * every);
      if (next === null) continue;
      budget = next;
      seen += 1;
    }
    return seen;
  };
  expect(taken(10_000, 0, 0.1)).toBeLessThan(50);
  expect(taken(1, 1_200, 0)).toBe(1);
  expect(taken(100, 20_000, 200)).toBe(100);
});
