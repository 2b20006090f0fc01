/** A node that speaks only what is published: the double for servers without our extensions. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Chat } from '../../../contract/api/chat.ts';
import type { Message } from '../../../contract/api/message.ts';
import { startTestRelay, type TestRelay } from '../../helpers/relay.ts';
import { chatOf, history, pair, say, statusOf } from '../../helpers/relay-scene.ts';
import { openSocket, signedIn } from '../../helpers/relay-socket.ts';

let relay: TestRelay;
beforeAll(async () => {
  relay = await startTestRelay({ capabilities: [] });
});
afterAll(() => relay.close());

test('nothing is announced, and the rows of the extensions are not there', async () => {
  const { anna } = await pair(relay);
  expect((await relay.api.get('/capabilities')).body).toMatchObject({ server: 'relay', capabilities: [] });
  expect((await anna.api.get('/sync', { since: 0 })).status).toBe(404);
  const socket = await openSocket(relay.socketUrl, { token: anna.token });
  expect((await socket.next('auth:success')).data).toEqual({ userId: anna.user.id, username: anna.user.username });
  socket.send({ type: 'message:read', data: { chatId: 'c', messageId: 'm' } });
  expect((await socket.next('error')).data.code).toBe('bad_request');
  await socket.close();
});

/** Of letters that no id of the relay has. */
const KEY = 'KEY-1';

test('a key is no key: the same send twice is two messages, and nobody finds it again', async () => {
  const { anna, boris, chatId } = await pair(relay);
  const socket = await signedIn(relay.socketUrl, anna.token);
  const body = { chatId, content: 'twice', clientId: KEY };
  const first = await say(anna, chatId, 'twice', { clientId: KEY });
  const second = await anna.api.post<{ message: Message }>('/messages/send', body, { 'idempotency-key': KEY });
  expect(second.status).toBe(201);
  expect(second.body.message.id).not.toBe(first.id);
  const seen = await history(anna, chatId);
  expect(seen.total).toBe(2);
  await socket.next('message:new');
  expect(JSON.stringify([first, second.body, seen, socket.frames])).not.toContain(KEY);
  expect(JSON.stringify(socket.frames)).not.toContain('"seq"');
  await socket.close();
  expect(boris.user.id).not.toBe(anna.user.id);
});

test('cursors are ignored, fetching reads, and statuses are single frames', async () => {
  const { anna, boris, chatId } = await pair(relay);
  const sent: Message[] = [];
  for (let index = 0; index < 3; index += 1) sent.push(await say(anna, chatId, `m${index}`));
  const socket = await signedIn(relay.socketUrl, anna.token);
  const page = await history(boris, chatId, { after: sent[1]?.id ?? '' });
  expect(page.messages.map(({ content }) => content)).toEqual(['m2', 'm1', 'm0']);
  expect(await statusOf(anna, sent[0]?.id ?? '')).toBe('read');
  await socket.settle();
  expect(socket.all('message:status').map(({ data }) => data)).toEqual(
    sent.toReversed().map(({ id }) => ({ messageId: id, chatId, status: 'read' })),
  );
  const chat: Chat = await chatOf(boris, chatId);
  expect(chat.unreadCount).toBe(0);
  expect(chat.participants.every((user) => user.online === undefined)).toBe(true);
  await socket.close();
});
