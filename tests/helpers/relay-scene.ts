/** The usual scene of relay tests: people, and chats between them. */
import type { Chat } from '../../contract/api/chat.ts';
import type { Message } from '../../contract/api/message.ts';
import type { TestRelay, TestUser } from './relay.ts';

let people = 0;

/** Somebody new; the name is free in every relay of this process. */
export function newcomer(relay: TestRelay, prefix = 'user'): Promise<TestUser> {
  people += 1;
  return relay.register(`${prefix}${people}`);
}

/** The chat of two people. */
export async function chatBetween(one: TestUser, two: TestUser): Promise<string> {
  const answer = await one.api.post<{ chat: Chat }>('/chats', { userId: two.user.id });
  return answer.body.chat.id;
}

/** Two new people and their chat. */
export async function pair(relay: TestRelay): Promise<{ anna: TestUser; boris: TestUser; chatId: string }> {
  const [anna, boris] = await Promise.all([newcomer(relay, 'anna'), newcomer(relay, 'boris')]);
  return { anna, boris, chatId: await chatBetween(anna, boris) };
}

/** Sends by request and answers what was stored. */
export async function say(
  user: TestUser,
  chatId: string,
  content: string,
  more: Record<string, unknown> = {},
): Promise<Message> {
  const answer = await user.api.post<{ message: Message }>('/messages/send', { chatId, content, ...more });
  if (answer.status !== 201) throw new Error(`send: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body.message;
}

/** A page of history as it is answered. */
export async function history(
  user: TestUser,
  chatId: string,
  query: Record<string, string | number> = {},
): Promise<{ messages: Message[]; total: number }> {
  const answer = await user.api.get<{ messages: Message[]; total: number }>(`/chats/${chatId}/messages`, query);
  if (answer.status !== 200) throw new Error(`history: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body;
}

/** The person's view of one chat in the list. */
export async function chatOf(user: TestUser, chatId: string): Promise<Chat> {
  const answer = await user.api.get<{ chats: Chat[] }>('/chats');
  const chat = answer.body.chats.find(({ id }) => id === chatId);
  if (!chat) throw new Error('no such chat in the list');
  return chat;
}

/** How far a message has come, as its sender sees it. */
export async function statusOf(user: TestUser, messageId: string): Promise<string | null | undefined> {
  const answer = await user.api.get<{ message: Message }>(`/messages/${messageId}`);
  return answer.body.message.status;
}
