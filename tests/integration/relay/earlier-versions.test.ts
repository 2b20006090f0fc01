/**
 * Data folders as earlier versions left them: taken over with everything in them, and answered as those versions did.
 * tests/fixtures/relay/make.mjs tells how they were made.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { Statistics } from '../../../contract/api/admin.ts';
import { Chat } from '../../../contract/api/chat.ts';
import { Message } from '../../../contract/api/message.ts';
import { SCHEMA_VERSION } from '../../../relay/migrations/sqlite/index.ts';
import { sqliteOnly } from '../../helpers/postgres/sqlite-only.ts';
import { createRelayClient, startTestRelay, type TestRelay } from '../../helpers/relay.ts';

sqliteOnly('the folders hold SQLite files of earlier versions');

const FIXTURES = resolve(import.meta.dirname, '../../fixtures/relay');
const VERSIONS = [1, 2, 3, 4, 5, 6, 7];

const Answers = z.object({
  jwtSecret: z.string(),
  /** The chat of anna and boris. */
  pair: z.string(),
  people: z.record(
    z.string(),
    z.object({
      id: z.string(),
      token: z.string(),
      chats: z.array(Chat),
      seq: z.number(),
      events: z.number(),
      history: z.array(Message).optional(),
      searches: z.record(z.string(), z.array(z.string())).optional(),
    }),
  ),
});

const unpacked = (name: string): Buffer => gunzipSync(readFileSync(join(FIXTURES, name)));
const answersOf = (version: number) =>
  Answers.parse(JSON.parse(unpacked(`schema-${version}.answers.gz`).toString('utf8')));

/** What all versions say of a chat, or of a message. */
function seen({ id, unreadCount, createdAt, updatedAt, participants, lastMessage }: Chat) {
  const people = participants.map((person) => [person.id, person.username, person.bio]).toSorted();
  return { id, unreadCount, createdAt, updatedAt, people, lastMessage: lastMessage && said(lastMessage) };
}
function said({ id, content, senderId, createdAt, status, replyTo, reactions, clientId }: Message) {
  const given = (reactions ?? []).map(({ id: reaction, emoji, userId }) => [reaction, emoji, userId]);
  return { id, content, senderId, createdAt, status, given, clientId, reply: replyTo && [replyTo.id, replyTo.content] };
}

let dataDir: string;
beforeEach(() => (dataDir = mkdtempSync(join(tmpdir(), 'relay-earlier-'))));
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

test('there is a folder of every version', () => {
  const versions = readdirSync(FIXTURES).flatMap((name) => /^schema-(\d+)\.db\.gz$/.exec(name)?.[1] ?? []);
  expect(versions.map(Number).toSorted()).toEqual(VERSIONS);
  expect(VERSIONS).toEqual(Array.from({ length: SCHEMA_VERSION - 1 }, (_, index) => index + 1));
});

describe.each(VERSIONS)('a folder with schema %i', (version) => {
  const answers = answersOf(version);
  const { anna, boris } = answers.people;
  if (!anna || !boris) throw new Error('a fixture without anna and boris');
  let relay: TestRelay;
  beforeEach(async () => {
    writeFileSync(join(dataDir, 'relay.db'), unpacked(`schema-${version}.db.gz`));
    relay = await startTestRelay({ dataDir, jwtSecret: answers.jwtSecret });
  });
  afterEach(() => relay.close());
  const get = async <T>(token: string, path: string): Promise<T> => {
    const { status, body } = await createRelayClient(relay.url, token).get<T>(path);
    expect(status).toBe(200);
    return body;
  };

  const figures = async (): Promise<Statistics> =>
    (await relay.admin.api.get<Statistics>('/admin/stats', { from: Date.UTC(2020, 0, 1), step: 31 * 24 })).body;

  test('has figures over time from its first day on', async () => {
    const { series, users, messages } = await figures();
    const sum = (values: number[] = []): number => values.reduce((total, value) => total + value, 0);
    expect(users).toBeGreaterThan(1);
    expect([sum(series?.users), sum(series?.messages)]).toEqual([users, messages]);
  });

  test('has its reactions counted by emoji, and counts on', async () => {
    const top = async (): Promise<Statistics['topReactions']> => (await figures()).topReactions;
    const [hearts, thumbs] = [
      { emoji: '❤️', count: 1 },
      { emoji: '👍', count: 2 },
    ];
    expect(await top()).toEqual({ among: 3, emojis: [thumbs, hearts] });
    const api = createRelayClient(relay.url, boris.token);
    const reacted = (anna.history ?? []).filter(({ reactions }) => reactions?.length === 2);
    const [message] = reacted;
    const old = message?.reactions?.find(({ emoji }) => emoji === '❤️');
    if (!message || !old) throw new Error('a fixture without its reactions');
    expect((await api.request('DELETE', `/messages/${message.id}/reactions/${old.id}`)).status).toBe(204);
    expect(await top()).toEqual({ among: 2, emojis: [thumbs] });
    expect((await api.post(`/messages/${message.id}/reactions`, { emoji: '🔥' })).status).toBe(201);
    expect(await top()).toEqual({ among: 3, emojis: [thumbs, { emoji: '🔥', count: 1 }] });
  });

  const chatsOf = async (token: string): Promise<Chat[]> => (await get<{ chats: Chat[] }>(token, '/chats')).chats;

  test('answers everybody’s chats, messages and events as before', async () => {
    for (const { token, chats, seq, events } of Object.values(answers.people)) {
      expect((await chatsOf(token)).map(seen)).toEqual(chats.map(seen));
      const sync = await get<{ seq: number; events: unknown[] }>(token, '/sync?since=0');
      expect([sync.seq, sync.events.length]).toEqual([seq, events]);
    }
    const history = await get<{ messages: Message[]; total: number }>(
      anna.token,
      `/chats/${answers.pair}/messages?limit=100`,
    );
    expect(history.messages.map(said)).toEqual(anna.history?.map(said));
    expect(history.total).toBe(40);
    // The folding of searches is that of schema 3, whatever the folder had.
    for (const [words, names] of Object.entries(answersOf(3).people.anna?.searches ?? {})) {
      const path = `/users/search?q=${encodeURIComponent(words)}`;
      const { users } = await get<{ users: { username: string }[] }>(anna.token, path);
      expect(users.map(({ username }) => username)).toEqual(names);
    }
    const attached = (messages: readonly Message[]) => messages.flatMap(({ attachments }) => attachments ?? []);
    expect(attached(history.messages)).toEqual(attached(anna.history ?? []));
    expect(attached(history.messages)).toHaveLength(version < 4 ? 0 : 2);
    const stats = await get(relay.admin.token, '/admin/stats');
    expect(stats).toMatchObject({ users: 5, chats: 4, messages: 42, files: version < 4 ? 0 : 1 });
    expect(await get(relay.admin.token, '/reactions/all')).toMatchObject({ total: 3 });
  });

  test('goes on: pages by offset, counts and numbers fit what was there', async () => {
    const unreadOf = async (): Promise<number | null | undefined> =>
      (await chatsOf(boris.token)).find(({ id }) => id === answers.pair)?.unreadCount;
    const before = (await unreadOf()) ?? 0;
    const body = { chatId: answers.pair, content: 'after the update', clientId: 'key-new' };
    expect((await createRelayClient(relay.url, anna.token).post('/messages/send', body)).status).toBe(201);
    // A key of before still finds its message.
    const again = { chatId: answers.pair, content: 'message 1 😀', clientId: 'key-1' };
    expect((await createRelayClient(relay.url, anna.token).post('/messages/send', again)).status).toBe(200);
    expect(await unreadOf()).toBe(before + 1);
    const contents: string[] = [];
    for (let offset = 0; offset < 45; offset += 6) {
      const path = `/chats/${answers.pair}/messages?limit=6&offset=${offset}`;
      contents.push(...(await get<{ messages: Message[] }>(anna.token, path)).messages.map(({ content }) => content));
    }
    expect(contents).toEqual(['after the update', ...(anna.history ?? []).map(({ content }) => content)]);
    const { seq } = await get<{ seq: number }>(boris.token, '/sync?since=0');
    expect(seq).toBe(boris.seq + 1);
    await get(boris.token, `/chats/${answers.pair}/messages?limit=1`);
    expect(await unreadOf()).toBe(0);
  });

  test('is listed as migrated, in the file’s own version too, so that an older relay refuses it', async () => {
    await relay.close();
    const database = new DatabaseSync(join(dataDir, 'relay.db'));
    expect(database.prepare('PRAGMA user_version').get()).toEqual({ user_version: SCHEMA_VERSION });
    const names = database.prepare('SELECT name FROM kysely_migration ORDER BY name').all();
    expect(names).toHaveLength(SCHEMA_VERSION);
    expect(database.prepare('PRAGMA foreign_key_check').all()).toEqual([]);
    expect(database.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' });
    database.close();
    relay = await startTestRelay({ dataDir, jwtSecret: answers.jwtSecret });
    expect(await chatsOf(anna.token)).toHaveLength(3);
  });
});
