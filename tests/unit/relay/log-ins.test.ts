import { beforeEach, expect, test } from 'vitest';
import { createRateLimiter } from '../../../relay/services/rate-limiter.ts';
import { createLogIns, type LogIns } from '../../../relay/services/log-ins.ts';

const WINDOW = 900_000;
let now: number;
let logIns: LogIns;
beforeEach(() => {
  now = 0;
  const attempts = (max: number) => createRateLimiter(max, WINDOW, () => now);
  logIns = createLogIns({ failures: attempts(5), addressFailures: attempts(100), accountFailures: attempts(20) });
});

/** Wrong guesses until one is refused; answers how many were let through. */
function guesses(account: (index: number) => string, address: (index: number) => string, most = 200): number {
  for (let index = 0; index < most; index += 1) {
    try {
      logIns.begin(account(index), address(index));
    } catch (error) {
      expect(error).toMatchObject({ code: 'rate_limited', retryAfterMs: WINDOW });
      return index;
    }
  }
  return most;
}

test.each([
  ['one account from one address', () => 'anna', () => 'a', 5],
  ['many accounts from one address', (index: number) => `name${index}`, () => 'a', 100],
  ['one account from many addresses', () => 'anna', (index: number) => `a${index}`, 20],
  ['nobody’s account from many addresses', () => 'no such name', (index: number) => `a${index}`, 20],
  ['many accounts from many addresses', (index: number) => `name${index}`, (index: number) => `a${index}`, 200],
])('%s: at the limit and one past it', (_what, account, address, limit) => {
  expect(guesses(account, address)).toBe(limit);
});

test('whoever guesses from forty addresses does not shut the owner out where he was signed in, and slowly himself', () => {
  logIns.seen('anna', 'home');
  expect(
    guesses(
      () => 'anna',
      (index) => `a${index}`,
    ),
  ).toBe(20);
  for (let day = 0; day < 100; day += 1) logIns.begin('anna', 'home').right();
  expect(() => logIns.begin('anna', 'new place')).toThrow();
  now += WINDOW;
  logIns.begin('anna', 'new place').right();
});

test('a neighbour who walks through names does not shut out who was signed in at that address', () => {
  logIns.begin('anna', 'office').right();
  expect(
    guesses(
      (index) => `name${index}`,
      () => 'office',
    ),
  ).toBe(100);
  logIns.begin('anna', 'office').right();
  expect(() => logIns.begin('boris', 'office'), 'never seen there').toThrow();
});

test('a known place bears five wrong guesses too, and is hashed in its own turn', () => {
  expect(logIns.begin('anna', 'home').lane).toBe('home');
  logIns.seen('anna', 'home');
  expect(logIns.begin('anna', 'home').lane).not.toBe('home');
  expect(
    guesses(
      () => 'anna',
      () => 'home',
    ),
  ).toBe(3);
});

test('a right log-in and one that was not tried cost nothing; a refused one neither', () => {
  for (let index = 0; index < 200; index += 1) logIns.begin(`name${index}`, 'a').undo();
  for (let index = 0; index < 200; index += 1) logIns.begin(`name${index}`, 'a').right();
  expect(
    guesses(
      () => 'anna',
      () => 'b',
    ),
  ).toBe(5);
  for (let index = 0; index < 200; index += 1) expect(() => logIns.begin('anna', 'b')).toThrow();
  expect(
    guesses(
      (index) => `x${index}`,
      () => 'b',
    ),
    'of a hundred of the address',
  ).toBe(95);
});

test('twenty thousand places are known, the one that was unused longest is forgotten first', () => {
  const isKnown = (account: string): boolean => logIns.begin(account, 'home').lane !== 'home';
  for (let index = 0; index < 20_000; index += 1) logIns.seen(`name${String(index)}`, 'home');
  logIns.seen('name0', 'home');
  expect(isKnown('name1')).toBe(true);
  logIns.seen('one more', 'home');
  expect([isKnown('name0'), isKnown('name1'), isKnown('name2'), isKnown('one more')]).toEqual([
    true,
    false,
    true,
    true,
  ]);
});
