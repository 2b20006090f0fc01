import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Chat } from '../../../contract/api/chat.ts';
import type { Message, Reaction } from '../../../contract/api/message.ts';
import { comparePositions, storedPosition } from '../../../contract/model/message-order.ts';
import { DEFAULT_REACTIONS } from '../../../contract/model/limits.ts';
import { startTestRelay, type TestRelay } from '../../helpers/relay.ts';
import { chatBetween, chatOf, history, newcomer, pair, say, statusOf } from '../../helpers/relay-scene.ts';
import { signedIn } from '../../helpers/relay-socket.ts';

let relay: TestRelay;
let skew = 0;
beforeAll(async () => {
  relay = await startTestRelay({ now: () => Date.now() + skew });
});
afterAll(() => relay.close());

describe('history', () => {
  test('pages by offset and by cursor, with the total', async () => {
    const { anna, boris, chatId } = await pair(relay);
    for (let index = 0; index < 23; index += 1) await say(index % 2 ? anna : boris, chatId, `m${index}`);
    const contents = async (query: Record<string, string | number>): Promise<string[]> =>
      (await history(anna, chatId, query)).messages.map((message) => message.content);
    const all = (await history(anna, chatId)).messages;
    expect(all.map((message) => message.content)).toEqual(Array.from({ length: 23 }, (_, index) => `m${22 - index}`));
    expect((await history(anna, chatId, { limit: 5 })).total).toBe(23);
    expect(await contents({ limit: 5, offset: 20 })).toEqual(['m2', 'm1', 'm0']);
    expect(await contents({ limit: 5, offset: 1_000_000_000 })).toEqual([]);
    const m10 = all.find((message) => message.content === 'm10')?.id ?? '';
    expect(await contents({ before: m10, limit: 3 })).toEqual(['m9', 'm8', 'm7']);
    expect(await contents({ after: m10, limit: 3 })).toEqual(['m11', 'm12', 'm13']);
    expect(await contents({ after: all[0]?.id ?? '' })).toEqual([]);
  });

  test('times grow strictly, also when the clock stands or jumps back, so that the one order is the server’s', async () => {
    const { anna, chatId } = await pair(relay);
    const sent: Message[] = [];
    for (const jump of [0, -3_600_000, 0, 60_000, -60_000]) {
      skew += jump;
      const burst = await Promise.all(Array.from({ length: 5 }, (_, index) => say(anna, chatId, `${jump} ${index}`)));
      sent.push(...burst);
    }
    skew = 0;
    const stored = (await history(anna, chatId)).messages.toReversed();
    expect(new Set(stored.map((message) => message.id))).toEqual(new Set(sent.map((message) => message.id)));
    const positions = stored.map((message) => storedPosition(Date.parse(message.createdAt), message.id));
    expect(positions.toSorted(comparePositions)).toEqual(positions);
    expect(new Set(positions.map((position) => position.at)).size).toBe(25);
  });

  test.each([
    ['limit=0', 'limit'],
    ['limit=-1', 'limit'],
    ['limit=101', 'limit'],
    ['limit=1e9', 'limit'],
    ['limit=abc', 'limit'],
    ['limit=1.5', 'limit'],
    ['limit=5&limit=6', 'limit'],
    ['offset=-1', 'offset'],
    ['offset=1000000000000000000', 'offset'],
    ['offset=NaN', 'offset'],
    ['before=none', 'before'],
    ['after=%27%20OR%201=1', 'after'],
  ])('%s is 400 and names the field', async (query, field) => {
    const { anna, chatId } = await pair(relay);
    const answer = await anna.api.get(`/chats/${chatId}/messages?${query}`);
    expect([answer.status, answer.body]).toMatchObject([
      400,
      { error: { code: 'validation', fields: { [field]: expect.anything() as unknown } } },
    ]);
  });

  test('a cursor of another chat, and both cursors at once, are refused', async () => {
    const { anna, boris, chatId } = await pair(relay);
    const elsewhere = await say(anna, await chatBetween(anna, await newcomer(relay)), 'elsewhere');
    expect((await anna.api.get(`/chats/${chatId}/messages`, { after: elsewhere.id })).status).toBe(400);
    const { id } = await say(boris, chatId, 'x');
    expect((await anna.api.get(`/chats/${chatId}/messages`, { after: id, before: id })).status).toBe(400);
  });
});

describe('idempotency', () => {
  test('the same key and payload: the first message, no second; by body or header', async () => {
    const { anna, boris, chatId } = await pair(relay);
    const body = { chatId, content: 'once', clientId: 'key-1' };
    const first = await anna.api.post<{ message: Message }>('/messages/send', body);
    const second = await anna.api.post<{ message: Message }>('/messages/send', body);
    const byHeader = await anna.api.post<{ message: Message }>(
      '/messages/send',
      { chatId, content: 'once' },
      { 'idempotency-key': 'key-1' },
    );
    expect([first.status, second.status, byHeader.status]).toEqual([201, 200, 200]);
    expect(new Set([first, second, byHeader].map((answer) => answer.body.message.id)).size).toBe(1);
    expect(byHeader.body.message.clientId).toBe('key-1');
    const seen = await history(boris, chatId);
    expect(seen.total).toBe(1);
    expect(seen.messages[0]?.clientId).toBeUndefined();
    expect((await history(anna, chatId)).messages[0]?.clientId).toBe('key-1');
    expect((await say(boris, chatId, 'mine', { clientId: 'key-1' })).senderId).toBe(boris.user.id);
  });

  test('the same key with another payload is 422', async () => {
    const { anna, chatId } = await pair(relay);
    const other = await chatBetween(anna, await newcomer(relay));
    const first = await say(anna, chatId, 'one', { clientId: 'key-2' });
    for (const change of [{ content: 'two' }, { chatId: other }, { replyToId: first.id }]) {
      const body = { chatId, content: 'one', clientId: 'key-2', ...change };
      const answer = await anna.api.post('/messages/send', body);
      expect([answer.status, answer.body]).toMatchObject([422, { error: { code: 'key_reused' } }]);
    }
    expect((await history(anna, chatId)).total).toBe(1);
  });

  test('twenty at once with one key: one message, one event, one 201', async () => {
    const { anna, boris, chatId } = await pair(relay);
    const socket = await signedIn(relay.socketUrl, boris.token);
    const body = { chatId, content: 'at once', clientId: 'key-3' };
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => anna.api.post<{ message: Message }>('/messages/send', body)),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(19);
    expect(new Set(answers.map((answer) => answer.body.message.id)).size).toBe(1);
    await socket.next('message:new');
    await socket.settle();
    expect(socket.all('message:new')).toHaveLength(1);
    await socket.close();
  });

  test('a key that is none, or two that differ, are refused', async () => {
    const { anna, chatId } = await pair(relay);
    const post = async (clientId: string | undefined, header: string): Promise<number> => {
      const body = { chatId, content: 'x', ...(clientId === undefined ? {} : { clientId }) };
      return (await anna.api.post('/messages/send', body, { 'idempotency-key': header })).status;
    };
    expect(await post(undefined, 'a b')).toBe(400);
    expect(await post(undefined, 'x'.repeat(65))).toBe(400);
    expect(await post('one', 'two')).toBe(400);
    expect(await post('one', 'one')).toBe(201);
    expect(await post(undefined, 'x'.repeat(64))).toBe(201);
  });
});

describe('what a message may hold', () => {
  test('content at its limits, in characters', async () => {
    const { anna, chatId } = await pair(relay);
    const status = async (content: string): Promise<number> =>
      (await anna.api.post('/messages/send', { chatId, content })).status;
    expect(await status('x')).toBe(201);
    expect(await status('x'.repeat(4000))).toBe(201);
    expect(await status('😀'.repeat(4000))).toBe(201);
    expect(await status('x'.repeat(4001))).toBe(400);
    expect(await status('')).toBe(400);
    expect(await status(' \u200B\n')).toBe(400);
  });

  test('a reply within the chat; across chats, to nothing, and files that are not there are refused', async () => {
    const { anna, boris, chatId } = await pair(relay);
    const other = await chatBetween(anna, await newcomer(relay));
    const first = await say(anna, chatId, 'first');
    const reply = await say(boris, chatId, 'second', { replyToId: first.id });
    expect(reply.replyTo).toMatchObject({ id: first.id, content: 'first', senderId: anna.user.id });
    const third = await say(anna, chatId, 'third', { replyToId: reply.id });
    expect(third.replyTo, 'one level deep').not.toHaveProperty('replyTo');
    for (const body of [
      { chatId: other, content: 'x', replyToId: first.id },
      { chatId, content: 'x', replyToId: 'nothing' },
      { chatId, content: 'x', attachments: ['file1'] },
    ]) {
      const answer = await anna.api.post('/messages/send', body);
      expect([answer.status, answer.body]).toMatchObject([400, { error: { code: 'validation' } }]);
    }
    expect((await anna.api.post('/messages/send', { chatId, content: 'x', attachments: [] })).status).toBe(201);
  });
});

describe('chats', () => {
  test('newest activity first, with the last message and what is unread', async () => {
    const anna = await newcomer(relay);
    const others = await Promise.all([newcomer(relay), newcomer(relay), newcomer(relay)]);
    const ids: string[] = [];
    for (const other of others) ids.push(await chatBetween(other, anna));
    await say(others[0] ?? anna, ids[0] ?? '', 'a');
    await say(others[0] ?? anna, ids[0] ?? '', 'b');
    const answer = await anna.api.get<{ chats: Chat[] }>('/chats');
    expect(answer.body.chats.map((chat) => chat.id)).toEqual([ids[0], ids[2], ids[1]]);
    expect(answer.body.chats[0]).toMatchObject({ unreadCount: 2, lastMessage: { content: 'b' } });
    expect(answer.body.chats[0]?.participants.map((user) => user.id).toSorted()).toEqual(
      [anna.user.id, others[0]?.user.id].toSorted(),
    );
    expect(answer.body.chats[1]).toMatchObject({ unreadCount: 0, lastMessage: null });
  });

  test('with oneself is 400, with nobody 404, and both at once make one', async () => {
    const [anna, boris] = [await newcomer(relay), await newcomer(relay)];
    expect((await anna.api.post('/chats', { userId: anna.user.id })).status).toBe(400);
    expect((await anna.api.post('/chats', { userId: 'nobody' })).status).toBe(404);
    const made = await Promise.all([
      anna.api.post<{ chat: Chat }>('/chats', { userId: boris.user.id }),
      boris.api.post<{ chat: Chat }>('/chats', { userId: anna.user.id }),
    ]);
    expect(made.map(({ status }) => status).toSorted()).toEqual([200, 201]);
    expect(made[0].body.chat.id).toBe(made[1].body.chat.id);
  });
});

describe('delivered and read', () => {
  test('a message waits, is delivered when its reader comes, and read when they fetch the history', async () => {
    const { anna, boris, chatId } = await pair(relay);
    const watching = await signedIn(relay.socketUrl, anna.token);
    const message = await say(anna, chatId, 'hello');
    expect(await statusOf(anna, message.id)).toBe('sent');
    const arriving = await signedIn(relay.socketUrl, boris.token);
    expect((await watching.next('message:status')).data).toMatchObject({ messageId: message.id, status: 'delivered' });
    expect(await statusOf(anna, message.id)).toBe('delivered');
    expect((await chatOf(boris, chatId)).unreadCount).toBe(1);
    await history(boris, chatId);
    expect((await watching.next('message:status')).data).toMatchObject({ messageId: message.id, status: 'read' });
    expect((await arriving.next('chat:read')).data).toEqual({ chatId, messageId: message.id, unreadCount: 0 });
    expect((await chatOf(boris, chatId)).unreadCount).toBe(0);
    await history(boris, chatId);
    await watching.settle();
    expect(watching.all('message:status'), 'never twice').toHaveLength(2);
    await Promise.all([watching.close(), arriving.close()]);
  });

  test('without a socket: the list of chats delivers, the history reads, looking at one message does neither', async () => {
    const { anna, boris, chatId } = await pair(relay);
    const message = await say(anna, chatId, 'hello');
    await boris.api.get(`/messages/${message.id}`);
    expect(await statusOf(anna, message.id)).toBe('sent');
    await boris.api.get('/chats');
    expect(await statusOf(anna, message.id)).toBe('delivered');
    await history(anna, chatId);
    expect(await statusOf(anna, message.id), 'the sender’s own reading says nothing').toBe('delivered');
    await history(boris, chatId, { offset: 1 });
    expect(await statusOf(anna, message.id), 'not held by that page').toBe('delivered');
    await history(boris, chatId);
    expect(await statusOf(anna, message.id)).toBe('read');
  });

  test('a cursor fetch delivers; message:read reads up to its message and not beyond, never back', async () => {
    const { anna, boris, chatId } = await pair(relay);
    const sent: Message[] = [];
    for (let index = 0; index < 5; index += 1) sent.push(await say(anna, chatId, `m${index}`));
    const [first, second, third] = sent;
    await history(boris, chatId, { after: first?.id ?? '' });
    expect(await statusOf(anna, sent[4]?.id ?? '')).toBe('delivered');
    expect((await chatOf(boris, chatId)).unreadCount).toBe(5);
    const [watching, reading] = [
      await signedIn(relay.socketUrl, anna.token),
      await signedIn(relay.socketUrl, boris.token),
    ];
    reading.send({ type: 'message:read', data: { chatId, messageId: third?.id } });
    expect((await watching.next('message:status')).data).toMatchObject({
      messageId: third?.id,
      status: 'read',
      upTo: true,
    });
    expect((await reading.next('chat:read')).data).toEqual({ chatId, messageId: third?.id, unreadCount: 2 });
    reading.send({ type: 'message:read', data: { chatId, messageId: first?.id } });
    await reading.settle();
    expect(await Promise.all(sent.map((message) => statusOf(anna, message.id)))).toEqual([
      'read',
      'read',
      'read',
      'delivered',
      'delivered',
    ]);
    await watching.settle();
    const frames = watching
      .all('message:status')
      .map(({ data, seq }) => [data.messageId, data.upTo ?? false, seq !== undefined]);
    expect(frames).toEqual([
      [third?.id, true, true],
      [second?.id, false, false],
      [first?.id, false, false],
    ]);
    await Promise.all([watching.close(), reading.close()]);
  });

  test('of many at once at most two hundred are told singly, the newest first and for all', async () => {
    const { anna, boris, chatId } = await pair(relay);
    await Promise.all(Array.from({ length: 250 }, (_, index) => say(anna, chatId, `m${index}`)));
    const newest = (await chatOf(anna, chatId)).lastMessage?.id;
    const watching = await signedIn(relay.socketUrl, anna.token);
    await history(boris, chatId);
    await watching.next('message:status', ({ data }) => data.status === 'read');
    await watching.settle();
    const read = watching.all('message:status').filter(({ data }) => data.status === 'read');
    expect(read).toHaveLength(201);
    expect(read[0]?.data).toMatchObject({ messageId: newest, upTo: true });
    expect(read.slice(1).every(({ data }) => data.upTo === undefined)).toBe(true);
    expect((await history(anna, chatId, { offset: 249 })).messages[0]?.status).toBe('read');
    await watching.close();
  });
});

describe('reactions', () => {
  test('one person’s emoji counts once, and only its owner takes it back', async () => {
    const { anna, boris, chatId } = await pair(relay);
    const { id } = await say(anna, chatId, 'hello');
    const watching = await signedIn(relay.socketUrl, anna.token);
    const react = (emoji: string) => boris.api.post<{ reaction: Reaction }>(`/messages/${id}/reactions`, { emoji });
    const [first, again, second] = [await react('👍'), await react('👍'), await react('🔥')];
    expect([first.status, again.status, second.status]).toEqual([201, 200, 201]);
    expect(again.body.reaction).toEqual(first.body.reaction);
    const reactionId = first.body.reaction.id;
    expect((await anna.api.delete(`/messages/${id}/reactions/${reactionId}`)).status).toBe(403);
    expect((await boris.api.delete(`/messages/${id}/reactions/${reactionId}`)).status).toBe(204);
    expect((await boris.api.delete(`/messages/${id}/reactions/${reactionId}`)).status).toBe(404);
    expect((await watching.next('reaction:removed')).data).toEqual({ messageId: id, chatId, reactionId });
    expect(watching.all('reaction:new')).toHaveLength(2);
    expect((await history(anna, chatId)).messages[0]?.reactions?.map((one) => one.emoji)).toEqual(['🔥']);
    await watching.close();
  });

  test('only the emojis that are offered', async () => {
    const { anna, chatId } = await pair(relay);
    const { id } = await say(anna, chatId, 'hello');
    expect((await anna.api.get('/reactions')).body).toEqual({ reactions: [...DEFAULT_REACTIONS] });
    for (const emoji of ['🦄', 'x', '', '👍👍', '<b>']) {
      expect((await anna.api.post(`/messages/${id}/reactions`, { emoji })).status, emoji).toBe(400);
    }
  });

  test('a reaction is taken back at its own message only', async () => {
    const { anna, chatId } = await pair(relay);
    const [one, two] = [await say(anna, chatId, '1'), await say(anna, chatId, '2')];
    const made = await anna.api.post<{ reaction: Reaction }>(`/messages/${one.id}/reactions`, { emoji: '👍' });
    expect((await anna.api.delete(`/messages/${two.id}/reactions/${made.body.reaction.id}`)).status).toBe(404);
  });
});

test('the administrator’s figures and lists', async () => {
  const before = (await relay.admin.api.get<Record<string, number>>('/admin/stats')).body;
  const { anna, chatId } = await pair(relay);
  const message = await say(anna, chatId, 'counted', { clientId: 'secret-key' });
  await anna.api.post(`/messages/${message.id}/reactions`, { emoji: '👍' });
  const socket = await signedIn(relay.socketUrl, anna.token);
  const after = (await relay.admin.api.get<Record<string, number>>('/admin/stats')).body;
  const grown = (name: string): number => (after[name] ?? 0) - (before[name] ?? 0);
  expect([grown('users'), grown('messages'), grown('chats'), after.online]).toEqual([2, 1, 1, 1]);
  expect(after.storageBytes).toBeGreaterThan(10_000);
  const messages = await relay.admin.api.get<{ messages: Message[]; total: number }>('/admin/messages', { limit: 1 });
  expect(messages.body.messages[0]).toMatchObject({ id: message.id, content: 'counted' });
  expect(messages.body.messages[0]?.clientId, 'the key is its sender’s').toBeUndefined();
  expect(messages.body.total).toBe(after.messages);
  const users = await relay.admin.api.get<{ users: unknown[]; total: number }>('/admin/users', { limit: 2, offset: 1 });
  expect([users.body.users.length, users.body.total]).toEqual([2, after.users]);
  const reactions = await relay.admin.api.get<{ reactions: Reaction[] }>('/reactions/all', { limit: 1 });
  expect(reactions.body.reactions[0]).toMatchObject({ messageId: message.id, emoji: '👍' });
  await socket.close();
});
