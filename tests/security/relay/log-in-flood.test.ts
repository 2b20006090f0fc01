/** Log-ins while somebody else keeps the node hashing, or guesses from everywhere. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { PASSWORD, startTestRelay, type TestRelay } from '../../helpers/relay.ts';
import { newcomer } from '../../helpers/relay-scene.ts';

let relay: TestRelay;
let now = Date.now();
beforeAll(async () => {
  relay = await startTestRelay({
    now: () => now,
    trustProxy: ['127.0.0.1'],
    // As dear as it takes for eighty to stand in line, and no dearer.
    passwordCost: { memoryKiB: 1024, passes: 2, scryptLogN: 10 },
    limits: { loginFailuresPerAddress: 1_000_000 },
  });
});
afterAll(() => relay.close());

const logIn = async (from: string, username: string, password: string): Promise<number> => {
  const init = {
    headers: { 'x-forwarded-for': from, 'content-type': 'application/json' },
    body: JSON.stringify({ username, password }),
  };
  return (await relay.api.request('POST', '/auth/login', init)).status;
};

/** Eighty at once who try one name after the other, until `isOver`. */
async function flood(from: string, isOver: () => boolean): Promise<number[]> {
  const statuses: number[] = [];
  let name = 0;
  const work = async (): Promise<void> => {
    while (!isOver()) statuses.push(await logIn(from, `name${(name += 1)}`, 'wrong'));
  };
  await Promise.all(Array.from({ length: 80 }, work));
  return statuses;
}

test.each([
  ['from elsewhere', '203.0.113.7', '198.51.100.1'],
  ['from behind the same address, where one was signed in before', '203.0.113.8', '203.0.113.8'],
])('eighty who guess keep none of nine right log-ins out: %s', async (_what, theirs, ours) => {
  const people = await Promise.all(Array.from({ length: 9 }, () => newcomer(relay)));
  for (const { api } of people) await api.request('GET', '/auth/me', { headers: { 'x-forwarded-for': ours } });
  let isOver = false;
  const flooding = flood(theirs, () => isOver);
  // In threes, so that most of them come while the line is long.
  const statuses: number[] = [];
  for (let first = 0; first < people.length; first += 3) {
    const three = people.slice(first, first + 3).map(({ user }) => logIn(ours, user.username, PASSWORD));
    statuses.push(...(await Promise.all(three)));
  }
  isOver = true;
  expect(statuses).toEqual(Array<number>(9).fill(200));
  const refused = (await flooding).filter((status) => status === 429);
  expect(refused.length, 'the flood was one').toBeGreaterThan(0);
});

test('guesses at one account from forty addresses: twenty are tried, and the owner at home is let in', async () => {
  const { user, api } = await newcomer(relay);
  await api.request('GET', '/auth/me', { headers: { 'x-forwarded-for': '198.51.100.9' } });
  const statuses: number[] = [];
  for (let index = 0; index < 40; index += 1) statuses.push(await logIn(`2001:db8:0:${index}::1`, user.username, 'x'));
  expect(statuses).toEqual([...Array<number>(20).fill(401), ...Array<number>(20).fill(429)]);
  expect(await logIn('198.51.100.9', user.username, PASSWORD), 'at home').toBe(200);
  expect(await logIn('2001:db8:0:99::1', user.username, PASSWORD), 'elsewhere').toBe(429);
  now += 15 * 60_000;
  expect(await logIn('2001:db8:0:99::1', user.username, PASSWORD), 'elsewhere, later').toBe(200);
});
