import { beforeEach, expect, test } from 'vitest';
import { createRateLimiter } from '../../../relay/services/rate-limiter.ts';
import { createKnownPlaces } from '../../../relay/services/known-places.ts';
import { createLogIns, type LogIns } from '../../../relay/services/log-ins.ts';

const WINDOW = 900_000;
let now: number;
let logIns: LogIns;
beforeEach(() => {
  now = 0;
  const attempts = (max: number) => createRateLimiter(max, WINDOW, () => now);
  logIns = createLogIns({
    failures: attempts(5),
    addressFailures: attempts(100),
    accountFailures: attempts(20),
    places: createKnownPlaces(),
  });
});

/** Wrong guesses until one is refused; answers how many were let through. */
async function guesses(
  account: (index: number) => string,
  address: (index: number) => string,
  most = 200,
): Promise<number> {
  for (let index = 0; index < most; index += 1) {
    try {
      await logIns.begin(account(index), address(index));
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
])('%s: at the limit and one past it', async (_what, account, address, limit) => {
  expect(await guesses(account, address)).toBe(limit);
});

test('whoever guesses from forty addresses does not shut the owner out where he was signed in, and slowly himself', async () => {
  await logIns.seen('anna', 'home');
  expect(
    await guesses(
      () => 'anna',
      (index) => `a${index}`,
    ),
  ).toBe(20);
  for (let day = 0; day < 100; day += 1) await (await logIns.begin('anna', 'home')).right();
  await expect(logIns.begin('anna', 'new place')).rejects.toMatchObject({ code: 'rate_limited' });
  now += WINDOW;
  await (await logIns.begin('anna', 'new place')).right();
});

test('a neighbour who walks through names does not shut out who was signed in at that address', async () => {
  await (await logIns.begin('anna', 'office')).right();
  expect(
    await guesses(
      (index) => `name${index}`,
      () => 'office',
    ),
  ).toBe(100);
  await (await logIns.begin('anna', 'office')).right();
  await expect(logIns.begin('boris', 'office'), 'never seen there').rejects.toMatchObject({ code: 'rate_limited' });
});

test('a known place bears five wrong guesses too, and is hashed in its own turn', async () => {
  expect((await logIns.begin('anna', 'home')).lane).toBe('home');
  await logIns.seen('anna', 'home');
  expect((await logIns.begin('anna', 'home')).lane).not.toBe('home');
  expect(
    await guesses(
      () => 'anna',
      () => 'home',
    ),
  ).toBe(3);
});

test('a right log-in and one that was not tried cost nothing; a refused one neither', async () => {
  for (let index = 0; index < 200; index += 1) await (await logIns.begin(`name${index}`, 'a')).undo();
  for (let index = 0; index < 200; index += 1) await (await logIns.begin(`name${index}`, 'a')).right();
  expect(
    await guesses(
      () => 'anna',
      () => 'b',
    ),
  ).toBe(5);
  for (let index = 0; index < 200; index += 1)
    await expect(logIns.begin('anna', 'b')).rejects.toMatchObject({ code: 'rate_limited' });
  expect(
    await guesses(
      (index) => `x${index}`,
      () => 'b',
    ),
    'of a hundred of the address',
  ).toBe(95);
});

test('twenty thousand places are known, the one that was unused longest is forgotten first', async () => {
  const isKnown = async (account: string): Promise<boolean> => (await logIns.begin(account, 'home')).lane !== 'home';
  for (let index = 0; index < 20_000; index += 1) await logIns.seen(`name${String(index)}`, 'home');
  await logIns.seen('name0', 'home');
  expect(await isKnown('name1')).toBe(true);
  await logIns.seen('one more', 'home');
  expect([await isKnown('name0'), await isKnown('name1'), await isKnown('name2'), await isKnown('one more')]).toEqual([
    true,
    false,
    true,
    true,
  ]);
});

test('a hundred guesses at once are no cheaper than a hundred in a row', async () => {
  const all = await Promise.allSettled(Array.from({ length: 100 }, () => logIns.begin('anna', 'a')));
  expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(5);
});
