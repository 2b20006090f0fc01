import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Chat } from '../../../contract/api/chat.ts';
import type { Message, Reaction } from '../../../contract/api/message.ts';
import type { User } from '../../../contract/api/user.ts';
import { startTestRelay, type TestRelay } from '../../helpers/relay.ts';
import { signedIn } from '../../helpers/relay-socket.ts';

let relay: TestRelay;
beforeAll(async () => {
  relay = await startTestRelay();
});
afterAll(() => relay.close());

test('two people meet, talk, react and read', async () => {
  const anna = await relay.register('anna', { firstName: 'Анна', lastName: 'Берг' });
  const boris = await relay.register('boris');
  const found = await boris.api.get<{ users: User[] }>('/users/search', { q: 'АНН' });
  expect(found.body.users.map((user) => user.id)).toEqual([anna.user.id]);

  const made = await boris.api.post<{ chat: Chat }>('/chats', { userId: anna.user.id });
  expect(made.status).toBe(201);
  const chatId = made.body.chat.id;
  const again = await anna.api.post<{ chat: Chat }>('/chats', { userId: boris.user.id });
  expect([again.status, again.body.chat.id]).toEqual([200, chatId]);

  const a = await signedIn(relay.socketUrl, anna.token);
  const b = await signedIn(relay.socketUrl, boris.token);
  const body = { chatId, content: 'Hello, Anna', clientId: 'k-1' };
  const sent = await boris.api.post<{ message: Message }>('/messages/send', body);
  expect(sent.status).toBe(201);
  const { message } = sent.body;
  expect(message).toMatchObject({ content: 'Hello, Anna', status: 'sent', clientId: 'k-1', senderId: boris.user.id });

  const arrived = await a.next('message:new');
  expect(arrived.data.id).toBe(message.id);
  expect(arrived.data.clientId).toBeUndefined();
  expect((await b.next('message:new')).data.clientId).toBe('k-1');
  const delivered = await b.next('message:status');
  expect(delivered.data).toEqual({ messageId: message.id, chatId, status: 'delivered', upTo: true });

  a.send({ type: 'typing:start', data: { chatId } });
  expect((await b.next('typing:start')).data).toEqual({ chatId, userId: anna.user.id, username: 'anna' });
  a.send({ type: 'message:send', data: { chatId, content: 'Hello', replyToId: message.id, clientId: 'k-2' } });
  const reply = await b.next('message:new', (frame) => frame.data.senderId === anna.user.id);
  expect(reply.data.replyTo).toMatchObject({ id: message.id, content: 'Hello, Anna' });
  expect((await b.next('typing:stop')).data).toEqual({ chatId, userId: anna.user.id });

  const reacted = await anna.api.post<{ reaction: Reaction }>(`/messages/${message.id}/reactions`, { emoji: '👍' });
  expect(reacted.status).toBe(201);
  expect((await b.next('reaction:new')).data.reaction).toEqual({
    id: reacted.body.reaction.id,
    emoji: '👍',
    userId: anna.user.id,
  });

  expect((await anna.api.get<{ chats: Chat[] }>('/chats')).body.chats[0]?.unreadCount).toBe(1);
  a.send({ type: 'message:read', data: { chatId, messageId: message.id } });
  const read = await b.next('message:status', (frame) => frame.data.status === 'read');
  expect(read.data.messageId).toBe(message.id);
  expect((await a.next('chat:read')).data).toEqual({ chatId, messageId: message.id, unreadCount: 0 });

  const history = await boris.api.get<{ messages: Message[]; total: number }>(`/chats/${chatId}/messages`);
  expect(history.body.total).toBe(2);
  expect(history.body.messages.map((one) => [one.content, one.status])).toEqual([
    ['Hello', 'read'],
    ['Hello, Anna', 'read'],
  ]);
  await Promise.all([a.close(), b.close()]);
});
