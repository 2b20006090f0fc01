/** The bench's large databases are ones that a node could have written: shown on a small one. */
import { DatabaseSync } from 'node:sqlite';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Chat } from '../../../contract/api/chat.ts';
import * as filled from '../../bench/growth/fill-relay.ts';
import { createRelayClient, startTestRelay, type RelayClient, type TestRelay } from '../../helpers/relay.ts';

const SIZE = { people: 20, messages: 500, crowd: 3 };
let dataDir: string;
let relay: TestRelay;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'relay-fill-'));
  await (await startTestRelay({ dataDir })).close();
  await filled.fillRelay(dataDir, SIZE, 1, () => undefined);
  relay = await startTestRelay({ dataDir });
});
afterAll(async () => {
  await relay.close();
  await rm(dataDir, { recursive: true, force: true });
});

/** Signs somebody in by the password that all of them have. */
async function signIn(username: string): Promise<RelayClient> {
  const { status, body } = await relay.api.post<{ token: string }>('/auth/login', {
    username,
    password: filled.PASSWORD,
  });
  expect(status).toBe(200);
  return createRelayClient(relay.url, body.token);
}

describe('a database that was filled', () => {
  it('is sound by its own rules, and by what each chat says of its messages', () => {
    const database = new DatabaseSync(join(dataDir, 'relay.db'), { readOnly: true });
    const all = (sql: string) => database.prepare(sql).all();
    expect(all('PRAGMA foreign_key_check')).toEqual([]);
    expect(all('PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }]);
    const wrong = all(
      `SELECT c.id FROM chats c JOIN messages m ON m.chat_id = c.id GROUP BY c.id
       HAVING COUNT(*) <> c.message_count OR MAX(m.created_at) <> c.last_message_at`,
    );
    expect(wrong).toEqual([]);
    expect(all('SELECT c.id FROM chats c LEFT JOIN messages m ON m.id = c.last_message_id WHERE m.id IS NULL')).toEqual(
      [],
    );
    const misnumbered = all(
      `SELECT id FROM (SELECT id, number, sender_number,
         ROW_NUMBER() OVER (PARTITION BY chat_id ORDER BY created_at) AS place,
         ROW_NUMBER() OVER (PARTITION BY chat_id, sender_id ORDER BY created_at) AS own FROM messages)
       WHERE number <> place OR sender_number <> own`,
    );
    expect(misnumbered).toEqual([]);
    const miscounted = all(
      `SELECT chat_id, user_id FROM members m WHERE sent <>
         (SELECT COUNT(*) FROM messages s WHERE s.chat_id = m.chat_id AND s.sender_id = m.user_id)`,
    );
    expect(miscounted).toEqual([]);
    expect(all(`SELECT id FROM users WHERE role = 'user' AND search_name = ''`)).toEqual([]);
    database.close();
  });

  it('holds as much as was asked for, and the crowd beside it', async () => {
    const { body } = await relay.admin.api.get('/admin/stats');
    expect(body).toMatchObject({
      users: SIZE.people + SIZE.crowd + filled.HEAVY + filled.DEEP,
      messages: SIZE.messages + filled.HEAVY * SIZE.crowd * 3,
      chats: SIZE.people + filled.HEAVY * SIZE.crowd + filled.DEEP,
    });
  });

  it('finds its people, who can sign in and write', async () => {
    const api = await signIn(filled.username(0));
    const found = await api.get<{ users: { id: string }[] }>('/users/search', { q: 'c' });
    expect(found.body.users.map(({ id }) => id)).toContain(filled.person(2));
    const sent = await api.post('/messages/send', { chatId: filled.chat(0), content: 'hello' });
    expect(sent.status).toBe(201);
  });

  it('keeps waiting for the heavy ones what the crowd wrote, and for the readers what is deep', async () => {
    const watch = filled.watchUndelivered(dataDir, filled.heavy(1));
    expect(watch.count()).toBe(SIZE.crowd);
    const heavy = await signIn('zh0000001');
    const { body } = await heavy.get<{ chats: Chat[] }>('/chats');
    const own = body.chats.filter(({ id }) => id.startsWith('hc'));
    expect(own.map(({ unreadCount }) => unreadCount)).toEqual(Array(SIZE.crowd).fill(3));
    expect(watch.count()).toBe(0);
    watch.close();
    const reader = await signIn('zr0000001');
    const deep = await reader.get<{ chats: Chat[] }>('/chats');
    expect(deep.body.chats.map(({ id, unreadCount }) => [id, unreadCount])).toEqual([
      [filled.deepChat(1), filled.deepCount(SIZE)],
    ]);
  });
});
