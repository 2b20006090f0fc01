import { copyFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Reaction } from '../../../contract/api/message.ts';
import type { SyncAnswer } from '../../../contract/routes.ts';
import { createRelayClient, spawnRelay, startTestRelay, type TestRelay, type TestUser } from '../../helpers/relay.ts';
import { sqliteOnly } from '../../helpers/postgres/sqlite-only.ts';
import { LONGEST } from '../../helpers/relay-crowd.ts';
import { openRows } from '../../helpers/relay-rows.ts';
import { chatOf, history, newcomer, pair, say } from '../../helpers/relay-scene.ts';
import { openSocket, signedIn } from '../../helpers/relay-socket.ts';

let relay: TestRelay;
beforeAll(async () => {
  relay = await startTestRelay({ limits: { eventsPerUser: 50, eventsPerAnswer: 10 } });
});
afterAll(() => relay.close());

const sync = async (user: TestUser, since: number): Promise<SyncAnswer> =>
  (await user.api.get<SyncAnswer>('/sync', { since })).body;

test('what was missed is what the socket would have said, number by number', async () => {
  const { anna, boris, chatId } = await pair(relay);
  const live = await signedIn(relay.socketUrl, anna.token);
  const message = await say(anna, chatId, 'one', { clientId: 'key-of-Anna' });
  const reply = await say(boris, chatId, 'two', { replyToId: message.id });
  const made = await boris.api.post<{ reaction: Reaction }>(`/messages/${message.id}/reactions`, { emoji: '👍' });
  await boris.api.delete(`/messages/${message.id}/reactions/${made.body.reaction.id}`);
  await history(boris, chatId);
  await history(anna, chatId);
  await live.next('chat:read');
  const { events = [], seq, epoch, more } = await sync(anna, 0);
  expect(events.map((event) => event.type)).toEqual([
    'message:new',
    'message:new',
    'reaction:new',
    'reaction:removed',
    'message:status',
    'chat:read',
  ]);
  expect(events.map((event) => ('seq' in event ? event.seq : null))).toEqual([1, 2, 3, 4, 5, 6]);
  expect([seq, more]).toEqual([6, undefined]);
  const numbered = live.frames.filter((frame) => 'seq' in frame && frame.seq !== undefined);
  expect(numbered.map((frame) => frame.type)).toEqual(events.map((event) => event.type));
  // Messages are told as they are now, everything else as it was told then.
  expect(events[0]).toMatchObject({ data: { id: message.id, clientId: 'key-of-Anna', status: 'read' } });
  expect(events[1]).toMatchObject({ data: { id: reply.id, replyTo: { content: 'one' } } });
  expect(events.slice(2)).toEqual(numbered.slice(2));
  const later = await openSocket(relay.socketUrl, { token: anna.token });
  expect((await later.next('auth:success')).data).toMatchObject({ seq, epoch });
  expect(JSON.stringify(await sync(boris, 0))).not.toContain('key-of-Anna');
  await Promise.all([live.close(), later.close()]);
});

test('in portions; nothing new is an empty list; a number of the future, or one too old, is a reset', async () => {
  const { anna, boris, chatId } = await pair(relay);
  for (let index = 0; index < 25; index += 1) await say(anna, chatId, `m${index}`);
  const seen: unknown[] = [];
  let since = 0;
  for (let more = true; more;) {
    const page = await sync(boris, since);
    for (const event of page.events ?? []) if (event.type === 'message:new') seen.push(event.data.content);
    since = page.seq;
    more = page.more === true;
  }
  expect(seen).toEqual(Array.from({ length: 25 }, (_, index) => `m${index}`));
  expect(await sync(boris, since)).toMatchObject({ events: [], seq: since });
  expect(await sync(boris, since + 1)).toEqual({ reset: true, seq: since, epoch: expect.any(String) as unknown });
  for (let index = 0; index < 80; index += 1) await say(anna, chatId, `n${index}`);
  const late = await sync(boris, since);
  expect(late).toMatchObject({ reset: true, seq: since + 80 });
  expect((await sync(boris, since + 79)).events).toHaveLength(1);
  expect((await chatOf(boris, chatId)).unreadCount).toBe(105);
});

/** Changes the log behind the node's back. */
async function damage(sql: string, ...values: (string | number)[]): Promise<void> {
  const rows = await openRows(relay.dataDir);
  expect(await rows.run(sql, ...values)).toBe(1);
  await rows.close();
}

/** Asks until there is no more; every answer must have got further than the last. */
async function walk(user: TestUser): Promise<{ told: number[]; reset: boolean; answers: SyncAnswer[] }> {
  const told: number[] = [];
  const answers: SyncAnswer[] = [];
  for (let since = 0; ;) {
    const answer = await sync(user, since);
    answers.push(answer);
    if (answer.reset === true) return { told, reset: true, answers };
    for (const event of answer.events ?? []) if ('seq' in event && event.seq !== undefined) told.push(event.seq);
    if (answer.more !== true) return { told, reset: false, answers };
    expect(answer.seq, 'more, and further than before').toBeGreaterThan(since);
    since = answer.seq;
  }
}

describe('every answer gets further, to the end or to a reset', () => {
  const NUMBERS = Array.from({ length: 24 }, (_, index) => index + 1);
  async function scene(): Promise<TestUser> {
    const { anna, boris, chatId } = await pair(relay);
    for (let index = 0; index < 12; index += 1) {
      const { id } = await say(anna, chatId, `m${index}`);
      await anna.api.post(`/messages/${id}/reactions`, { emoji: '👍' });
    }
    return boris;
  }

  test('a whole log', async () => expect(await walk(await scene())).toMatchObject({ told: NUMBERS, reset: false }));

  test.each<[string, number, string]>([
    ['the first is missing', 0, 'DELETE FROM events WHERE user_id = ? AND seq = 1'],
    ['one in the middle of a portion', 14, 'DELETE FROM events WHERE user_id = ? AND seq = 15'],
    ['the first of a portion', 10, 'DELETE FROM events WHERE user_id = ? AND seq = 11'],
    ['the last', 23, 'DELETE FROM events WHERE user_id = ? AND seq = 24'],
    ['the number of the next is ahead', 24, 'UPDATE users SET seq = seq + 1 WHERE id = ?'],
    ['one is of a kind that is not known', 3, "UPDATE events SET kind = 'new:kind' WHERE user_id = ? AND seq = 4"],
    ['one is torn', 3, `UPDATE events SET body = '{"mess' WHERE user_id = ? AND seq = 4`],
    ['one is no frame', 1, `UPDATE events SET body = 'null' WHERE user_id = ? AND seq = 2`],
  ])('%s: told up to %d, then a reset', async (_what, upTo, sql) => {
    const boris = await scene();
    await damage(sql, boris.user.id);
    const { told, reset, answers } = await walk(boris);
    expect([told, reset]).toEqual([NUMBERS.slice(0, upTo), true]);
    const last = answers.at(-1);
    expect(last).not.toHaveProperty('events');
    expect(await sync(boris, last?.seq ?? 0), 'and from there it goes on').toMatchObject({
      events: [],
      seq: last?.seq,
    });
  });

  test('a message that is no more leaves its number behind and holds nobody up', async () => {
    const boris = await scene();
    await damage(`UPDATE events SET body = 'gone' WHERE user_id = ? AND seq = 3`, boris.user.id);
    expect(await walk(boris)).toMatchObject({ told: NUMBERS.filter((number) => number !== 3), reset: false });
  });
});

test('long messages come in answers that a client takes', async () => {
  const roomy = await startTestRelay();
  const { anna, boris, chatId } = await pair(roomy);
  const first = await say(anna, chatId, LONGEST);
  await Promise.all(Array.from({ length: 100 }, () => say(anna, chatId, LONGEST, { replyToId: first.id })));
  const { told, answers } = await walk(boris);
  expect(told).toEqual(Array.from({ length: 101 }, (_, index) => index + 1));
  const sizes = answers.map((answer) => Buffer.byteLength(JSON.stringify(answer)));
  expect(Math.max(...sizes)).toBeLessThan(2 * 1024 * 1024);
  await roomy.close();
});

test.each(['', 'since=', 'since=-1', 'since=x', 'since=1.5', 'since=99999999999999999999'])(
  'GET /sync?%s is 400',
  async (query) => {
    const { api } = await newcomer(relay);
    expect((await api.get(`/sync?${query}`)).status).toBe(400);
  },
);

describe('epoch', () => {
  sqliteOnly('the file is put back; postgres.test.ts puts tables back');
  test('stays over restarts and kills, and changes when an older database is put back', async () => {
    const node = await spawnRelay();
    const file = join(node.dataDir, 'relay.db');
    const client = createRelayClient(node.url);
    const body = { username: 'anna', firstName: 'A', lastName: 'B', age: 30, password: 'secret1' };
    const { token } = (await client.post<{ token: string }>('/auth/register', body)).body;
    const epoch = async (): Promise<string> =>
      (await createRelayClient(node.url, token).get<SyncAnswer>('/sync', { since: 0 })).body.epoch;
    const first = await epoch();
    expect(await node.stop()).toBe(0);
    copyFileSync(file, `${file}.backup`);
    await node.restart();
    expect(await epoch()).toBe(first);
    await client.post('/auth/register', { ...body, username: 'boris' });
    await node.kill();
    await node.restart();
    expect(await epoch()).toBe(first);
    expect(await node.stop()).toBe(0);
    copyFileSync(`${file}.backup`, file);
    for (const suffix of ['-wal', '-shm']) rmSync(file + suffix, { force: true });
    await node.restart();
    const second = await epoch();
    expect(second).not.toBe(first);
    await node.close();
  }, 60_000);
});
