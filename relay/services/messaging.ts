/** Chats, sending and reactions: the operations shared by requests and socket frames. */
import { createId } from '@paralleldrive/cuid2';
import type { Chat } from '#contract/api/chat.ts';
import type { Message, Reaction, SendMessageBody } from '#contract/api/message.ts';
import { invalidField, RelayError } from '../errors.ts';
import type { ChatRow, MessageRow, UserRow } from '../records.ts';
import type { Chats, Effects, Messages, Reactions, Users, WriteQueue } from '../repositories/ports.ts';
import type { EventLog } from './event-log.ts';
import type { Receipts } from './receipts.ts';
import type { Typing } from './typing.ts';
import { reactionView, type ViewsFor } from './views.ts';

export interface MessagingOptions {
  users: Users;
  chats: Chats;
  messages: Messages;
  reactions: Reactions;
  queue: WriteQueue;
  log: EventLog;
  receipts: Receipts;
  typing: Typing;
  viewsFor: ViewsFor;
  /** Whether `clientId` is used as a key; if not, it is ignored. */
  idempotency: boolean;
  emojis: readonly string[];
  now: () => number;
}

/** A result, and whether it was just created or already existed. */
export interface Made<T> {
  value: T;
  created: boolean;
}

export type Messaging = ReturnType<typeof createMessaging>;

export function createMessaging(options: MessagingOptions) {
  const { users, chats, messages, reactions, queue, log, receipts, typing, viewsFor, idempotency, emojis, now } =
    options;

  /** The chat, if the user is a member of it. */
  function chatOf(userId: string, chatId: string): ChatRow {
    const chat = chats.find(chatId);
    if (!chat) throw new RelayError('not_found', 'There is no such chat.');
    if (!chats.member(chatId, userId)) throw new RelayError('forbidden', 'You are not a member of this chat.');
    return chat;
  }

  /** The message, if the user is a member of its chat. */
  function messageOf(userId: string, messageId: string): MessageRow {
    const message = messages.find(messageId);
    if (!message) throw new RelayError('not_found', 'There is no such message.');
    if (!chats.member(message.chatId, userId)) {
      throw new RelayError('forbidden', 'You are not a member of the chat of this message.');
    }
    return message;
  }

  function isSamePayload(row: MessageRow, body: SendMessageBody): boolean {
    return row.chatId === body.chatId && row.content === body.content && row.replyToId === (body.replyToId ?? null);
  }

  /** The message previously stored with the same key. */
  function earlier(senderId: string, body: SendMessageBody, key: string | null): MessageRow | null {
    const row = key === null ? null : messages.findByKey(senderId, key);
    if (row && !isSamePayload(row, body)) throw new RelayError('key_reused', 'The key was used for another message.');
    return row;
  }

  /** The chat between these two, if it exists. */
  function pairOf(askerId: string, userId: string): ChatRow | null {
    const peer = users.find(userId);
    if (!peer || peer.role !== 'user') throw new RelayError('not_found', 'There is no such person.');
    return chats.findPair(askerId, userId);
  }

  /**
   * Anything that exists is found without a write, so that it works on a full disk too: a retry of something already
   * stored must not be reported as a failure.
   */
  async function foundOrMade<T>(
    find: () => T | null,
    make: (effects: Effects) => T,
  ): Promise<{ row: T; created: boolean }> {
    const known = find();
    if (known !== null) return { row: known, created: false };
    return queue.run((effects) => {
      // It may have been created while this write was queued.
      const found = find();
      return found === null ? { row: make(effects), created: true } : { row: found, created: false };
    });
  }

  function store(
    effects: Effects,
    sender: UserRow,
    chat: ChatRow,
    body: SendMessageBody,
    key: string | null,
  ): MessageRow {
    const row: MessageRow = {
      id: createId(),
      chatId: chat.id,
      senderId: sender.id,
      content: body.content,
      replyToId: body.replyToId ?? null,
      clientId: key,
      // A clock that stands still or jumps back must not sort a message before an earlier one.
      createdAt: Math.max(now(), chat.lastMessageAt + 1),
    };
    messages.insert(row);
    chats.messageAdded(chat.id, row.id, sender.id, row.createdAt);
    effects.after(() => typing.stop(sender.id, chat.id));
    for (const { userId } of chats.members(chat.id)) {
      const receipt = userId === sender.id ? undefined : { chatId: chat.id, upTo: row.createdAt };
      log.emitMessage(effects, userId, row, viewsFor(userId), receipt);
    }
    return row;
  }

  return {
    chatOf,
    messageOf,

    /** The other members of a chat the user belongs to. */
    othersIn(userId: string, chatId: string): string[] {
      chatOf(userId, chatId);
      return chats
        .members(chatId)
        .map((member) => member.userId)
        .filter((id) => id !== userId);
    },

    async openChat(asker: UserRow, userId: string): Promise<Made<Chat>> {
      if (userId === asker.id) throw invalidField('userId', 'invalid', 'A chat needs somebody else.');
      const { row, created } = await foundOrMade(
        () => pairOf(asker.id, userId),
        () => {
          const id = createId();
          chats.insertPair(id, asker.id, userId, now());
          const chat = chats.find(id);
          if (!chat) throw new Error('a new chat is not there');
          return chat;
        },
      );
      return { value: viewsFor(asker.id).chat(row), created };
    },

    /**
     * Stores a message, or finds the one stored with the same key.
     * @throws RelayError `not_found`, `forbidden`, `validation`, `key_reused`.
     */
    async send(sender: UserRow, body: SendMessageBody): Promise<Made<Message>> {
      if ((body.attachments ?? []).length > 0) {
        throw invalidField('attachments', 'invalid', 'There is no such file.');
      }
      const key = idempotency ? (body.clientId ?? null) : null;
      const { row, created } = await foundOrMade(
        () => {
          chatOf(sender.id, body.chatId);
          return earlier(sender.id, body, key);
        },
        (effects) => {
          const chat = chatOf(sender.id, body.chatId);
          if (body.replyToId !== undefined && messages.find(body.replyToId)?.chatId !== chat.id) {
            throw invalidField('replyToId', 'invalid', 'There is no such message in this chat.');
          }
          return store(effects, sender, chat, body, key);
        },
      );
      return { value: viewsFor(sender.id).message(row), created };
    },

    async react(user: UserRow, messageId: string, emoji: string): Promise<Made<Reaction>> {
      if (!emojis.includes(emoji)) throw invalidField('emoji', 'invalid', 'That emoji is not available.');
      const { row, created } = await foundOrMade(
        () => {
          messageOf(user.id, messageId);
          return reactions.findSame(messageId, user.id, emoji);
        },
        (effects) => {
          const { chatId } = messageOf(user.id, messageId);
          const made = { id: createId(), messageId, userId: user.id, emoji, createdAt: now() };
          reactions.insert(made);
          const data = { messageId, chatId, reaction: { id: made.id, emoji, userId: user.id } };
          for (const member of chats.members(chatId)) log.emit(effects, member.userId, { type: 'reaction:new', data });
          return made;
        },
      );
      return { value: reactionView(row), created };
    },

    async unreact(user: UserRow, messageId: string, reactionId: string): Promise<void> {
      await queue.run((effects) => {
        const message = messageOf(user.id, messageId);
        const row = reactions.find(reactionId);
        if (row?.messageId !== messageId) throw new RelayError('not_found', 'There is no such reaction.');
        if (row.userId !== user.id) throw new RelayError('forbidden', 'That reaction is somebody else’s.');
        reactions.remove(reactionId);
        const data = { messageId, chatId: message.chatId, reactionId };
        for (const member of chats.members(message.chatId)) {
          log.emit(effects, member.userId, { type: 'reaction:removed', data });
        }
      });
    },

    /** Extension `message-read`: everything up to that message has been read. */
    async markRead(userId: string, chatId: string, messageId: string): Promise<void> {
      chatOf(userId, chatId);
      const message = messages.find(messageId);
      if (message?.chatId !== chatId)
        throw invalidField('messageId', 'invalid', 'There is no such message in this chat.');
      await receipts.readUpTo(userId, chatId, message.createdAt);
    },
  };
}
