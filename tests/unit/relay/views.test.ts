import { afterEach, describe, expect, test } from 'vitest';
import type { Message } from '../../../contract/api/message.ts';
import { LIMITS } from '../../../contract/model/limits.ts';
import { ownUser, publicUser, shortened, statusOf } from '../../../relay/services/views.ts';
import { all, createCore, START, type Core } from './core-world.ts';
import { ADAPTERS } from './databases.ts';

const member = (userId: string, deliveredAt: number, readAt: number) => ({ userId, deliveredAt, readAt });
const message = { senderId: 'me', createdAt: 100 };

describe('how far a message has come', () => {
  test.each([
    ['nobody got anything', [member('a', 0, 0)], 'sent'],
    ['just before it', [member('a', 99, 99)], 'sent'],
    ['delivered up to it', [member('a', 100, 99)], 'delivered'],
    ['read up to it', [member('a', 100, 100)], 'read'],
    ['read beyond it', [member('a', 500, 400)], 'read'],
    ['one of two has it', [member('a', 100, 0), member('b', 99, 0)], 'sent'],
    ['both have it, one read it', [member('a', 100, 100), member('b', 100, 0)], 'delivered'],
    ['nobody else is in the chat', [], 'sent'],
  ] as const)('%s: %s', (_what, others, status) => {
    expect(statusOf(message, [member('me', 0, 0), ...others])).toBe(status);
  });
});

describe('a message shortened for the list of chats', () => {
  const whole: Message = { id: 'm', chatId: 'c', content: 'hello', createdAt: '2026-01-01T00:00:00.000Z' };
  const quote = { id: 'q', content: 'quoted' };
  const reaction = { id: 'r', emoji: '👍', userId: 'u' };
  const { max } = LIMITS.lastMessage;
  test.each<[string, Partial<Message>, Partial<Message>]>([
    ['a short one stays as it is', { replyTo: null, reactions: [] }, { replyTo: null, reactions: [] }],
    ['exactly at the limit', { content: 'x'.repeat(max) }, { content: 'x'.repeat(max) }],
    ['one past it', { content: 'x'.repeat(max + 1) }, cut({ content: 'x'.repeat(max) })],
    ['emoji count as one each', { content: '😀'.repeat(max) }, { content: '😀'.repeat(max) }],
    ['and are never halved', { content: `x${'😀'.repeat(max)}` }, cut({ content: `x${'😀'.repeat(max - 1)}` })],
    ['with a quote', { replyTo: quote, replyToId: 'q' }, cut({ replyToId: 'q' })],
    ['with reactions', { reactions: [reaction] }, cut({})],
  ])('%s', (_what, change, expected) => {
    expect(shortened({ ...whole, ...change })).toEqual({ ...whole, ...expected });
  });
  function cut(change: Partial<Message>): Partial<Message> {
    return { replyTo: null, reactions: [], shortened: true, ...change };
  }
});

describe.each(ADAPTERS)('what one viewer sees on $name', (adapter) => {
  let core: Core;
  afterEach(() => core.close());

  test('a person: no empty picture, no age, and whether they are there only where the node says so', async () => {
    core = await createCore(adapter, { isOnline: (userId) => userId === 'boris' });
    await core.write((tx) => tx.users.setSeen('clara', START + 5));
    await core.write((tx) => tx.users.update('boris', { avatarUrl: 'https://pictures.example/b.png', bio: 'hi' }));
    const views = core.viewsFor('anna');
    const of = async (id: string) => {
      const row = await core.users.find(id);
      if (!row) throw new Error('nobody');
      return views.participant(row);
    };
    const named = { firstName: 'boris', lastName: 'Test', createdAt: new Date(START).toISOString() };
    expect(await of('boris')).toEqual({
      ...named,
      id: 'boris',
      username: 'boris',
      bio: 'hi',
      avatarUrl: 'https://pictures.example/b.png',
      online: true,
      lastSeenAt: null,
    });
    expect(await of('clara')).toMatchObject({
      avatarUrl: null,
      online: false,
      lastSeenAt: new Date(START + 5).toISOString(),
    });
    expect(ownUser(core.anna)).toMatchObject({ age: 30 });
    expect(publicUser(core.anna)).not.toHaveProperty('age');
    await core.close();
    core = await createCore(adapter);
    expect(await core.viewsFor('anna').participant(core.boris)).not.toHaveProperty('online');
  });

  test('a message: its key its sender alone, its quote with who said it, and how far it has come', async () => {
    core = await createCore(adapter);
    const first = await core.send(core.anna, 'first', { clientId: 'k1' });
    const second = await core.send(core.boris, 'second', { replyToId: first });
    await core.messaging.react(core.boris, first, '👍');
    const shown = async (viewer: string | null, id: string) => {
      const row = await core.messages.find(id);
      if (!row) throw new Error('nothing');
      return core.viewsFor(viewer).message(row);
    };
    expect(await shown('anna', first)).toMatchObject({
      clientId: 'k1',
      status: 'sent',
      replyTo: null,
      reactions: [{ emoji: '👍', userId: 'boris', messageId: first }],
      createdAt: new Date(START).toISOString(),
    });
    for (const viewer of ['boris', 'clara', null]) expect(await shown(viewer, first)).not.toHaveProperty('clientId');
    expect(await shown('anna', second)).toMatchObject({
      senderId: 'boris',
      sender: { id: 'boris', username: 'boris', firstName: 'boris', lastName: 'Test', avatarUrl: null },
      replyToId: first,
      replyTo: {
        id: first,
        chatId: 'chat',
        content: 'first',
        senderId: 'anna',
        sender: { id: 'anna' },
        attachments: [],
      },
      reactions: [],
      attachments: [],
    });
    expect((await shown('anna', second)).sender).not.toHaveProperty('bio');
    await core.receipts.readUpTo('boris', 'chat', START + 10);
    expect((await shown('anna', first)).status).toBe('read');
  });

  test('chats: each with its people, its last message and the viewer’s own count, in the order of the rows', async () => {
    core = await createCore(adapter);
    const ids: string[] = [];
    for (let n = 0; n < 60; n += 1) {
      const other = await core.person(`p${String(n)}`);
      const { value } = await core.messaging.openChat(other, 'anna');
      ids.push(value.id);
      if (n % 2 === 0) await core.messaging.send(other, { chatId: value.id, content: `hi ${String(n)}` });
    }
    const shown = await all(core.viewsFor('anna').chats(await core.chats.findAll(ids)));
    expect(shown.map(({ id }) => id)).toEqual(ids);
    for (const [n, { lastMessage, unreadCount, participants }] of shown.entries()) {
      expect([lastMessage?.content ?? null, unreadCount]).toEqual(n % 2 === 0 ? [`hi ${String(n)}`, 1] : [null, 0]);
      expect(participants.map(({ id }) => id).toSorted()).toEqual(['anna', `p${String(n)}`]);
    }
    const first = must(await core.chats.find(ids[0] ?? ''));
    expect((await core.viewsFor(null).chat(first)).unreadCount).toBe(0);
    expect(shown[0]).toMatchObject({ createdAt: new Date(START).toISOString() });
  });

  test('the last message of a chat with all that belongs to it', async () => {
    core = await createCore(adapter);
    const first = await core.send(core.anna, 'first');
    const last = await core.send(core.boris, 'second', { replyToId: first });
    await core.messaging.react(core.anna, last, '👍');
    const shown = await core.viewsFor('anna').chat(must(await core.chats.find('chat')));
    expect(shown).toMatchObject({
      unreadCount: 1,
      updatedAt: new Date(START + 1).toISOString(),
      lastMessage: {
        id: last,
        replyTo: { id: first, content: 'first' },
        reactions: [{ emoji: '👍' }],
        sender: { id: 'boris' },
      },
    });
  });

  test('many messages at once: as one by one', async () => {
    core = await createCore(adapter);
    const ids: string[] = [];
    for (let n = 0; n < 30; n += 1) ids.push(await core.send(n % 2 === 0 ? core.anna : core.boris, `m${String(n)}`));
    const rows = await core.messages.findAll(ids);
    const together = await all(core.viewsFor('anna').messages(rows));
    expect(together).toEqual(await Promise.all(rows.map((row) => core.viewsFor('anna').message(row))));
    expect(together).toHaveLength(30);
  });

  function must<T>(value: T | null): T {
    if (value === null) throw new Error('not there');
    return value;
  }
});
