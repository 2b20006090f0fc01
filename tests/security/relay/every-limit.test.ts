/**
 * Every limit of a node has a test at the limit and one past it. Those that need no scene of their own are here; the others
 * are named with the test that holds them. A limit that is added without a line here does not compile.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LIMITS } from '../../../contract/model/limits.ts';
import type { RelayLimits } from '../../../relay/limits.ts';
import { startTestRelay, type TestRelay, type TestUser } from '../../helpers/relay.ts';
import { uploadsOf } from '../../helpers/relay-files.ts';
import { newcomer, pair, say } from '../../helpers/relay-scene.ts';
import { openSocket, signedIn } from '../../helpers/relay-socket.ts';

const TESTS = join(import.meta.dirname, '../..');
const HERE = 'security/relay/every-limit';
const ABUSE = 'security/relay/limits';
const SOCKETS = 'integration/relay/sockets';
const FILES = 'unit/relay/files-service';
const CALLS = 'integration/relay/calls';

/** Where each limit is held: the file, and a part of the test's name. */
const HELD: Readonly<Record<keyof RelayLimits, readonly [file: string, title: string]>> = {
  connectionsPerAddress: ['integration/relay/connections', 'an address at its limit and one past it'],
  addressRequestsPerSecond: ['unit/relay/limits', 'a burst, then the steady rate'],
  addressRequestsBurst: [ABUSE, 'requests, upgrades and frames count together'],
  requestsPerSecond: ['unit/relay/limits', 'a burst, then the steady rate'],
  requestsBurst: [ABUSE, 'requests of one person, whatever they ask for'],
  sendsPerSecond: ['unit/relay/limits', 'a burst, then the steady rate'],
  sendsBurst: [ABUSE, 'requests, reactions and the frames of any socket draw on one account'],
  sendBytesPerSecond: ['unit/relay/limits', 'a burst, then the steady rate'],
  sendBytesBurst: [ABUSE, 'bytes are counted beside messages'],
  chatsPerDay: [ABUSE, 'new chats of a day at the limit and one past it'],
  uploadsAtOnce: [FILES, 'of one person three arrive at the same time, and a fourth'],
  openUploads: [HERE, 'uploads in parts that are open'],
  uploadKeptMs: ['integration/relay/resumable-uploads', 'it ends a day after its last byte'],
  fileBytesPerDay: [FILES, 'the quota of a day and of a person: exactly so much'],
  fileBytesPerUser: [FILES, 'the quota of a day and of a person: exactly so much'],
  diskReserveBytes: [FILES, 'a disk that is nearly full takes nothing'],
  unusedFileMs: ['unit/relay/file-sweep', 'files that were never used, after a month'],
  loginFailures: ['integration/relay/accounts', 'five failures, then 429'],
  loginFailuresPerAddress: ['integration/relay/accounts', 'a walk through names is stopped'],
  loginFailuresPerAccount: ['security/relay/log-in-flood', 'guesses at one account from forty addresses: twenty'],
  loginWindowMs: ['integration/relay/accounts', 'until the window has passed'],
  callsPerMinute: [CALLS, 'limits calls and signals per person'],
  signalBytesPerSecond: [CALLS, 'limits calls and signals per person'],
  signalBytesBurst: [CALLS, 'limits calls and signals per person'],
  callRingMs: [CALLS, 'rings for a limited time'],
  callGoneMs: [CALLS, 'have been gone for a while, and not before'],
  callSweepMs: [CALLS, 'have been gone for a while, and not before'],
  registrationsPerHour: [HERE, 'registrations of an address'],
  hashesAtOnce: ['unit/relay/passwords', 'more than may wait are refused'],
  waitingHashes: ['unit/relay/passwords', 'more than may wait are refused'],
  waitingHashesPerAddress: ['unit/relay/passwords', 'more than may wait are refused'],
  framesPerSecond: ['unit/relay/limits', 'a burst, then the steady rate'],
  framesBurst: [SOCKETS, 'a burst of frames at the limit is served, one past it refused'],
  socketsPerUser: [HERE, 'sockets of one person'],
  unauthenticatedSockets: [SOCKETS, 'a thousand silent sockets from many addresses keep nobody out'],
  unauthenticatedSocketsPerAddress: [SOCKETS, 'unauthenticated of one address at the limit and one past it'],
  unauthenticatedMs: [HERE, 'a socket that does not sign in'],
  unsentBytes: [SOCKETS, 'a reader with too much unsent is closed'],
  heartbeatMs: [SOCKETS, 'a socket that answers no ping is cut'],
  typingMs: [SOCKETS, 'ends by a word, a message, the line, or by itself'],
  presenceGraceMs: [SOCKETS, 'those who share a chat hear of coming and going'],
  eventsPerUser: ['integration/relay/sync', 'or one too old, is a reset'],
  eventsMs: ['unit/relay/event-expiry', 'events'],
  eventsPerAnswer: ['integration/relay/sync', 'in portions'],
  statusFrames: ['unit/relay/receipts', 'and of some of those one by one'],
  searchResults: [HERE, 'people of a search'],
  requestMs: ['security/relay/raw-http', 'requestMs: 600'],
  uploadSilenceMs: ['integration/relay/hostile-uploads', 'that falls silent is told so'],
  downloadSilenceMs: ['integration/relay/downloads', 'downloadSilenceMs'],
  lingerMs: ['integration/relay/uploads', 'lingerMs'],
  stopMs: ['integration/relay/lifecycle', 'a request that never ends does not hold the stop up'],
};

describe('every limit', () => {
  test.each(Object.entries(HELD))('%s is held by a test', (_name, [file, title]) => {
    const path = join(TESTS, `${file}.test.ts`);
    expect(existsSync(path), `there is ${file}`).toBe(true);
    // In this file the name would be found in the table alone.
    const text = readFileSync(path, 'utf8').slice(file === HERE ? readFileSync(path, 'utf8').indexOf('describe(') : 0);
    expect(text, `${file} has "${title}"`).toContain(title);
  });
});

describe('in numbers', () => {
  let relay: TestRelay;
  let anna: TestUser;
  let chatId: string;
  beforeAll(async () => {
    const limits = {
      socketsPerUser: 3,
      searchResults: 2,
      openUploads: 2,
      registrationsPerHour: 8,
      unauthenticatedMs: 400,
    };
    relay = await startTestRelay({ limits });
    ({ anna, chatId } = await pair(relay));
  });
  afterAll(() => relay.close());
  const status = async (asked: Promise<{ status: number }>): Promise<number> => (await asked).status;

  test.each([
    ['0', 400],
    ['1', 200],
    ['100', 200],
    ['101', 400],
    ['-1', 400],
    ['1e2', 400],
    ['1000000000', 400],
    ['abc', 400],
  ])('pages of %s: %i', async (limit, expected) => {
    expect(await status(anna.api.get(`/chats/${chatId}/messages`, { limit }))).toBe(expected);
    expect(await status(relay.admin.api.get('/admin/users', { limit }))).toBe(expected);
  });

  test.each([
    ['1000000000', 200],
    ['1000000001', 400],
    ['1e18', 400],
    ['1000000000000000000', 400],
  ])('a page from offset %s: %i', async (offset, expected) => {
    expect(await status(anna.api.get(`/chats/${chatId}/messages`, { offset }))).toBe(expected);
  });

  test.each([
    ['letters', 'x'],
    ['Cyrillic letters', 'я'],
    ['emoji of two halves', '👍'],
  ])('content of exactly 4,000 %s, and not one more', async (_what, letter) => {
    const most = letter.repeat(LIMITS.content.max);
    expect((await say(anna, chatId, most)).content).toBe(most);
    expect(await status(anna.api.post('/messages/send', { chatId, content: `${most}${letter}` }))).toBe(400);
  });

  test('sockets of one person: so many, and one more is refused', async () => {
    const person = await newcomer(relay);
    const open = [];
    for (let n = 0; n < 3; n += 1) open.push(await signedIn(relay.socketUrl, person.token));
    const fourth = await openSocket(relay.socketUrl, { token: person.token });
    expect((await fourth.closed()).code).not.toBe(1000);
    for (const one of open) {
      one.send({ type: 'typing:stop', data: { chatId: 'none' } });
      expect((await one.next('error')).data.code, 'the others go on').toBe('not_found');
      await one.close();
    }
  });

  test('a socket that does not sign in is closed, one that did in time is not', async () => {
    const silent = await openSocket(relay.socketUrl);
    const signed = await signedIn(relay.socketUrl, anna.token);
    expect((await silent.closed()).code).toBe(4401);
    signed.send({ type: 'typing:stop', data: { chatId: 'none' } });
    expect((await signed.next('error')).data.code).toBe('not_found');
    await signed.close();
  });

  test('people of a search: so many and no more', async () => {
    for (const name of ['same-one', 'same-two', 'same-three']) await relay.register(name);
    const { body } = await anna.api.get<{ users: unknown[] }>('/users/search', { q: 'same' });
    expect(body.users).toHaveLength(2);
  });

  test('uploads in parts that are open: so many, and one more when one has ended', async () => {
    const uploads = uploadsOf(anna);
    const first = await uploads.create(5);
    expect([first.status, (await uploads.create(5)).status]).toEqual([201, 201]);
    expect((await uploads.create(5)).status).toBe(429);
    await uploads.cancel(first.body.uploadId);
    expect((await uploads.create(5)).status).toBe(201);
  });

  test('registrations of an address in an hour: so many, and one more is refused', async () => {
    let last = 201;
    let made = 0;
    for (let n = 0; n < 9 && last === 201; n += 1) {
      const person = { username: `more-${String(n)}`, firstName: 'A', lastName: 'B', age: 30, password: 'secret1' };
      last = await status(relay.api.post('/auth/register', person));
      if (last === 201) made += 1;
    }
    expect([last, made < 8]).toEqual([429, true]);
  });
});
