/** The administrator's rows on both databases: series, orders, searches, cursors, exports, and who looked. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AuditEntry, Statistics } from '../../../contract/api/admin.ts';
import type { Message, Reaction } from '../../../contract/api/message.ts';
import type { User } from '../../../contract/api/user.ts';
import type { RelayOptions } from '../../../relay/options.ts';
import { storageOn } from '../../../relay/storage/postgres.ts';
import { connectToPglite } from '../../helpers/postgres/schemas.ts';
import { startTestRelay, type TestRelay, type TestUser } from '../../helpers/relay.ts';
import { download, upload } from '../../helpers/relay-files.ts';
import { chatBetween, say } from '../../helpers/relay-scene.ts';

const HOUR = 3_600_000;
const START = 500_000 * HOUR;

const DATABASES: { name: string; options: () => Promise<Pick<RelayOptions, 'openStorage'>> }[] = [
  { name: 'SQLite', options: async () => ({}) },
  {
    name: 'PGlite',
    async options() {
      const db = await connectToPglite();
      return { openStorage: (retention, hooks) => storageOn(db, retention, hooks) };
    },
  },
];

interface Listing {
  users?: (User & { messages?: number; storedBytes?: number })[];
  messages?: Message[];
  reactions?: Reaction[];
  people?: User[];
  total?: number;
  next?: string;
}

describe.each(DATABASES)('on $name', ({ options }) => {
  let relay: TestRelay;
  let now = START;
  let anna: TestUser;
  let boris: TestUser;
  const sent: Message[] = [];
  const reacted: Reaction[] = [];

  beforeAll(async () => {
    relay = await startTestRelay({ ...(await options()), now: () => now });
    anna = await relay.register('anna', { firstName: 'Анна' });
    boris = await relay.register('boris', { firstName: '=HYPERLINK("x")' });
    now += HOUR;
    for (const name of ['clara', 'dora', 'emil']) await relay.register(name);
    const chatId = await chatBetween(anna, boris);
    for (let n = 0; n < 12; n += 1) {
      if (n === 6) now += HOUR;
      now += 1000;
      sent.push(await say(n % 2 === 0 ? anna : boris, chatId, n === 4 ? 'Ещё ОДНО "слово"' : `=words ${n}`));
    }
    for (const { id } of sent.slice(0, 5)) {
      now += 1000;
      const { body } = await boris.api.post<{ reaction: Reaction }>(`/messages/${id}/reactions`, { emoji: '👍' });
      reacted.push(body.reaction);
    }
    await upload(anna, 'ten bytes!', 'a.txt');
    // Within the hour of the administrator's token.
    const { username, password } = relay.admin;
    const login = await relay.api.post<{ token: string; expiresInSeconds: number }>('/admin/login', {
      username,
      password,
    });
    expect(login.body.expiresInSeconds).toBe(3600);
    relay.admin.token = login.body.token;
  });
  afterAll(() => relay.close());

  const get = async <T = Listing>(path: string, query: Record<string, string | number> = {}): Promise<T> => {
    // Looks of one moment are in no order.
    now += 1;
    const search = new URLSearchParams(Object.entries(query).map(([key, value]) => [key, String(value)]));
    const answer = await fetch(`${relay.url}/api${path}?${search.toString()}`, {
      headers: { authorization: `Bearer ${relay.admin.token}` },
    });
    return { status: answer.status, ...((await answer.json()) as object) } as T;
  };
  /** Every page of a list, by its cursors. */
  async function walk(path: string, query: Record<string, string | number>): Promise<Listing[]> {
    const pages: Listing[] = [];
    let cursor: string | undefined;
    do {
      const page: Listing = await get(path, { ...query, ...(cursor === undefined ? {} : { cursor }) });
      pages.push(page);
      cursor = page.next;
    } while (cursor !== undefined && pages.length < 50);
    return pages;
  }
  const names = (pages: Listing[]): string[] =>
    pages.flatMap(({ users = [] }) => users.map(({ username }) => username));
  const texts = (pages: Listing[]): string[] =>
    pages.flatMap(({ messages = [] }) => messages.map(({ content }) => content));

  test('the series counts rows by the hour in which they were made, and sums them in steps', async () => {
    const query = { from: START - HOUR, to: START + 3 * HOUR, step: 1 };
    const { series, topReactions } = await get<Statistics>('/admin/stats', query);
    expect(topReactions).toEqual({ among: 5, emojis: [{ emoji: '👍', count: 5 }] });
    expect(series).toMatchObject({
      from: START - HOUR,
      stepHours: 1,
      users: [0, 2, 3, 0],
      messages: [0, 0, 6, 6],
      reactions: [0, 0, 0, 5],
      files: [0, 0, 0, 1],
      fileBytes: [0, 0, 0, 10],
      online: [null, null, null, null],
    });
    const coarse = await get<Statistics>('/admin/stats', { ...query, from: START, step: 2 });
    expect(coarse.series).toMatchObject({ users: [5, 0], messages: [6, 6] });
    const plain = await get<Statistics>('/admin/stats');
    expect([plain.series, plain.topReactions]).toEqual([undefined, undefined]);
  });

  test('a series of too many points, or of none, is refused', async () => {
    expect(await get('/admin/stats', { from: 0, to: START, step: 1 })).toMatchObject({ status: 400 });
    expect(await get('/admin/stats', { from: START, to: START - HOUR })).toMatchObject({ status: 400 });
  });

  test('what is taken back counts no more in its hour', async () => {
    const last = reacted.at(-1);
    const message = sent[4];
    if (!last || !message) throw new Error('nothing was reacted to');
    now += 2 * HOUR;
    const { username, password } = relay.admin;
    const login = await relay.api.post<{ token: string }>('/admin/login', { username, password });
    relay.admin.token = login.body.token;
    expect((await boris.api.request('DELETE', `/messages/${message.id}/reactions/${last.id}`)).status).toBe(204);
    const { series } = await get<Statistics>('/admin/stats', { from: START + 2 * HOUR, to: START + 5 * HOUR, step: 1 });
    expect(series?.reactions).toEqual([4, 0, 0]);
    const { topReactions } = await get<Statistics>('/admin/stats', { from: START, step: 1 });
    expect(topReactions).toEqual({ among: 4, emojis: [{ emoji: '👍', count: 4 }] });
  });

  test.each([
    ['newest', ['emil', 'dora', 'clara', 'boris', 'anna']],
    ['oldest', ['anna', 'boris', 'clara', 'dora', 'emil']],
    ['name', ['anna', 'boris', 'clara', 'dora', 'emil']],
    ['-name', ['emil', 'dora', 'clara', 'boris', 'anna']],
  ])('people in the order %s, page by page and by offset', async (sort, expected) => {
    // Of those of one moment, ids decide.
    const settled = (found: string[]): string[] =>
      sort.includes('name') ? found : [...found].sort((a, b) => expected.indexOf(a) - expected.indexOf(b));
    const pages = await walk('/admin/users', { limit: 2, sort });
    expect(pages.map(({ users = [] }) => users.length)).toEqual([2, 2, 1]);
    expect(settled(names(pages))).toEqual(expected);
    expect(pages.map(({ total }) => total)).toEqual([5, 5, 5]);
    expect(names([await get('/admin/users', { limit: 2, offset: 3, sort })])).toEqual(names(pages).slice(3));
  });

  test('people by when they were last there, both ways, are the same people turned round', async () => {
    const down = names(await walk('/admin/users', { limit: 2, sort: 'seen' }));
    expect(down.toSorted()).toEqual(['anna', 'boris', 'clara', 'dora', 'emil']);
    expect(names(await walk('/admin/users', { limit: 3, sort: '-seen' }))).toEqual(down.toReversed());
  });

  test('people come with what they sent and keep', async () => {
    const { users = [] } = await get('/admin/users', { q: 'анн' });
    expect(users).toMatchObject([{ username: 'anna', messages: 6, storedBytes: 10, age: 30 }]);
  });

  test('a search for people has pages and a total', async () => {
    const pages = await walk('/admin/users', { q: 'test', limit: 2, sort: '-name' });
    expect(names(pages)).toEqual(['emil', 'dora', 'clara', 'boris', 'anna']);
    expect(pages.map(({ total }) => total)).toEqual([5, 5, 5]);
    expect(names([await get('/admin/users', { q: 'nobody-like-that' })])).toEqual([]);
  });

  test('messages from either end, by cursor and by offset', async () => {
    const all = sent.map(({ content }) => content);
    expect(texts(await walk('/admin/messages', { limit: 5 }))).toEqual(all.toReversed());
    expect(texts(await walk('/admin/messages', { limit: 5, sort: 'oldest' }))).toEqual(all);
    for (const offset of [0, 1, 7, 11, 12]) {
      expect(texts([await get('/admin/messages', { limit: 5, offset, sort: 'oldest' })])).toEqual(
        all.slice(offset, offset + 5),
      );
    }
  });

  test.each([
    ['ещё одно', ['Ещё ОДНО "слово"']],
    ['WORDS 1', ['=words 11', '=words 10', '=words 1']],
    ['@boris', ['=words 11', '=words 9', '=words 7', '=words 5', '=words 3', '=words 1']],
    ['@nobody', []],
    ['%', []],
  ])('messages found by %s', async (q, expected) => {
    expect(texts(await walk('/admin/messages', { q, limit: 2 }))).toEqual(expected);
  });

  test('reactions come with their people, and are found by emoji and by person', async () => {
    const all = await get('/reactions/all');
    expect([all.reactions?.length, all.total, all.people?.map(({ username }) => username)]).toEqual([4, 4, ['boris']]);
    expect((await get('/reactions/all', { q: '🎉' })).reactions).toEqual([]);
    expect((await get('/reactions/all', { q: '@bor' })).reactions).toHaveLength(4);
    expect((await get('/reactions/all', { sort: 'oldest', offset: 3 })).reactions).toMatchObject([
      { id: all.reactions?.[0]?.id },
    ]);
  });

  test.each([
    'x',
    'W10',
    '"',
    Buffer.from('["a","b"]').toString('base64url'),
    Buffer.from('[1]').toString('base64url'),
  ])('the cursor %s is none of ours', async (cursor) => {
    expect(await get('/admin/messages', { cursor })).toMatchObject({ status: 400 });
  });

  test('an offset far into an order without numbers is refused, and goes on by cursor', async () => {
    expect(await get('/admin/users', { sort: 'name', offset: 1001 })).toMatchObject({ status: 400 });
    expect(await get('/admin/users', { sort: 'name', offset: 1000 })).toMatchObject({ status: 200, users: [] });
  });

  test('an export has every row, and nothing in it is a formula', async () => {
    const { status, bytes } = await download(relay.url, relay.admin, '/admin/export/messages?sort=oldest');
    expect(status).toBe(200);
    const lines = bytes.toString().split('\r\n');
    expect(lines[0]).toBe('\uFEFF"id","sent","chat","sender id","sender","text"');
    expect(lines).toHaveLength(1 + 12 + 1);
    expect(lines[1]).toMatch(/"anna","'=words 0"$/);
    expect(lines[5]).toMatch(/"Ещё ОДНО ""слово"""$/);
    const people = (await download(relay.url, relay.admin, '/admin/export/users?sort=name')).bytes.toString();
    expect(people).toContain(`"'=HYPERLINK(""x"")"`);
    expect(people.trimEnd().split('\r\n')).toHaveLength(6);
    const found = (await download(relay.url, relay.admin, '/admin/export/reactions?q=%40anna')).bytes.toString();
    expect(found.trimEnd().split('\r\n')).toHaveLength(1);
  });

  test('every look is noted: who, when, from where, what', async () => {
    await get('/admin/users', { q: 'somebody in particular' });
    const { entries } = await get<{ entries: AuditEntry[] }>('/admin/audit', { limit: 2 });
    expect(entries).toMatchObject([
      { action: 'adminAudit', detail: 'audit?limit=2', address: '127.0.0.1', createdAt: new Date(now).toISOString() },
      { action: 'allUsers', detail: 'users?q=somebody+in+particular' },
    ]);
    const first = await get<{ entries: AuditEntry[]; next?: string }>('/admin/audit', { limit: 1 });
    const second = await get<{ entries: AuditEntry[] }>('/admin/audit', { limit: 1, cursor: first.next ?? '' });
    expect(second.entries[0]?.id).not.toBe(first.entries[0]?.id);
    // Whoever is turned away has looked at nothing.
    const before = (await get<{ entries: AuditEntry[] }>('/admin/audit', { limit: 100 })).entries.length;
    expect((await anna.api.get('/admin/users')).status).toBe(403);
    expect((await get<{ entries: AuditEntry[] }>('/admin/audit', { limit: 100 })).entries.length).toBe(before + 1);
  });
});

test('a node without the extension lists as it is published, whatever it is asked', async () => {
  const relay = await startTestRelay({ capabilities: [] });
  for (const name of ['anna', 'boris']) await relay.register(name);
  const query = { q: 'anna', sort: 'name', cursor: 'x', limit: 1 };
  const { body } = await relay.admin.api.get<Listing>('/admin/users', query);
  expect([body.users?.length, body.total, body.next, body.users?.[0]?.messages]).toEqual([1, 2, undefined, undefined]);
  expect((await relay.admin.api.get('/admin/audit')).status).toBe(404);
  expect((await relay.admin.api.get<Statistics>('/admin/stats', { from: 0 })).body.series).toBeUndefined();
  await relay.close();
});
