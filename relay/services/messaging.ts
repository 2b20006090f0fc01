/** Chats, sending and reactions: the operations shared by requests and socket frames. */
import type { Chat } from '#contract/api/chat.ts';
import type { Message, Reaction, SendMessageBody } from '#contract/api/message.ts';
import { invalidField, RelayError } from '../errors.ts';
import { newId } from '../ids.ts';
import type { ChatRow, MemberRow, MessageRow, ReactionRow, UserRow } from '../records.ts';
import type { Effects, Reads, Repositories, WriteQueue } from '../repositories/ports.ts';
import type { EventLog } from './event-log.ts';
import type { Receipts } from './receipts.ts';
import type { Typing } from './typing.ts';
import { reactionView, type ViewsFor } from './views.ts';

export interface MessagingOptions {
  reads: Reads;
  queue: WriteQueue;
  log: EventLog;
  receipts: Pick<Receipts, 'received' | 'readUpTo'>;
  typing: Pick<Typing, 'stop'>;
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

const noChat = (): RelayError => new RelayError('not_found', 'There is no such chat.');
const noMember = (): RelayError => new RelayError('forbidden', 'You are not a member of this chat.');

/** The chat, if the user is a member of it. */
async function chatIn(from: Reads, userId: string, chatId: string): Promise<ChatRow> {
  const chat = await from.chats.find(chatId);
  if (!chat) throw noChat();
  if (!(await from.chats.member(chatId, userId))) throw noMember();
  return chat;
}

/** The message, if the user is a member of its chat. */
async function messageIn(from: Reads, userId: string, messageId: string): Promise<MessageRow> {
  const message = await from.messages.find(messageId);
  if (!message) throw new RelayError('not_found', 'There is no such message.');
  if (!(await from.chats.member(message.chatId, userId))) {
    throw new RelayError('forbidden', 'You are not a member of the chat of this message.');
  }
  return message;
}

/** The chat between these two, if it exists. */
async function pairIn(from: Reads, askerId: string, userId: string): Promise<ChatRow | null> {
  const peer = await from.users.find(userId);
  if (!peer || peer.role !== 'user') throw new RelayError('not_found', 'There is no such person.');
  return from.chats.findPair(askerId, userId);
}

async function isSamePayload(from: Reads, row: MessageRow, body: SendMessageBody): Promise<boolean> {
  const isSameText =
    row.chatId === body.chatId && row.content === body.content && row.replyToId === (body.replyToId ?? null);
  return isSameText && (await from.files.idsOf(row.id)).join() === (body.attachments ?? []).join();
}

/** Only files that the sender may read, each once. What one may not read is not told from what is not there. */
async function checkAttachments(from: Reads, senderId: string, ids: readonly string[]): Promise<void> {
  if (new Set(ids).size < ids.length) throw invalidField('attachments', 'invalid', 'A file is attached twice.');
  for (const id of ids) {
    if (await from.files.isReadable(id, senderId)) continue;
    throw invalidField('attachments', 'invalid', 'There is no such file.');
  }
}

/** The message previously stored with the same key. */
async function earlierIn(
  from: Reads,
  senderId: string,
  body: SendMessageBody,
  key: string | null,
): Promise<MessageRow | null> {
  const row = key === null ? null : await from.messages.findByKey(senderId, key);
  if (row && !(await isSamePayload(from, row, body))) {
    throw new RelayError('key_reused', 'The key was used for another message.');
  }
  return row;
}

export function createMessaging(options: MessagingOptions) {
  const { reads, queue, log, receipts, typing, viewsFor, idempotency, emojis, now } = options;

  /** What exists is found without a write; otherwise it is made, unless somebody else did while the write waited. */
  async function foundOrMade<T>(
    find: (from: Reads) => Promise<T | null>,
    make: (tx: Repositories, effects: Effects) => Promise<T>,
  ): Promise<Made<T>> {
    const known = await find(reads);
    if (known !== null) return { value: known, created: false };
    return queue.run(async (tx, effects) => {
      const found = await find(tx);
      return found === null ? { value: await make(tx, effects), created: true } : { value: found, created: false };
    });
  }

  /** Stores a message. @returns it as its sender sees it. */
  async function store(
    tx: Repositories,
    effects: Effects,
    sender: UserRow,
    chat: ChatRow,
    members: readonly MemberRow[],
    body: SendMessageBody,
    key: string | null,
  ): Promise<Message> {
    const row: MessageRow = {
      id: newId(),
      chatId: chat.id,
      senderId: sender.id,
      content: body.content,
      replyToId: body.replyToId ?? null,
      clientId: key,
      // A clock that stands still or jumps back must not sort a message before an earlier one.
      createdAt: Math.max(now(), chat.lastMessageAt + 1),
    };
    await tx.messages.insert(row);
    const attached = body.attachments ?? [];
    await tx.files.attach(row.id, chat.id, attached);
    await tx.chats.messageAdded(chat.id, row.id, sender.id, row.createdAt);
    effects.after(() => typing.stop(sender.id, chat.id));
    const own = await viewsFor(sender.id, tx).newMessage(row, members, attached.length > 0);
    // Everybody sees a new message alike, but for its key.
    const others = { ...own };
    delete others.clientId;
    for (const { userId } of members) {
      if (userId === sender.id) log.emitMessage(tx, effects, userId, own);
      else log.emitMessage(tx, effects, userId, others, { chatId: chat.id, upTo: row.createdAt });
    }
    return own;
  }

  return {
    /** @throws RelayError `not_found`, `forbidden`. */
    chatOf: (userId: string, chatId: string): Promise<ChatRow> => chatIn(reads, userId, chatId),
    /** @throws RelayError `not_found`, `forbidden`. */
    messageOf: (userId: string, messageId: string): Promise<MessageRow> => messageIn(reads, userId, messageId),

    /** The other members of a chat the user belongs to. */
    async othersIn(userId: string, chatId: string): Promise<string[]> {
      await chatIn(reads, userId, chatId);
      const members = await reads.chats.members(chatId);
      return members.map((member) => member.userId).filter((id) => id !== userId);
    },

    async openChat(asker: UserRow, userId: string): Promise<Made<Chat>> {
      if (userId === asker.id) throw invalidField('userId', 'invalid', 'A chat needs somebody else.');
      const { value, created } = await foundOrMade(
        (from) => pairIn(from, asker.id, userId),
        async (tx) => {
          const id = newId();
          await tx.chats.insertPair(id, asker.id, userId, now());
          const chat = await tx.chats.find(id);
          if (!chat) throw new Error('a new chat is not there');
          return chat;
        },
      );
      return { value: await viewsFor(asker.id).chat(value), created };
    },

    /**
     * Stores a message, or finds the one stored with the same key. What one person sends is stored in the order of the
     * calls.
     * @throws RelayError `not_found`, `forbidden`, `validation`, `key_reused`.
     */
    async send(sender: UserRow, body: SendMessageBody): Promise<Made<Message>> {
      const key = idempotency ? (body.clientId ?? null) : null;
      const earlier = async (from: Reads): Promise<Made<Message> | null> => {
        const row = await earlierIn(from, sender.id, body, key);
        return row && { value: await viewsFor(sender.id, from).message(row), created: false };
      };
      try {
        // Queued before anything is awaited: that keeps the order.
        return await queue.run(async (tx, effects) => {
          await tx.chats.lock([body.chatId]);
          const chat = await tx.chats.find(body.chatId);
          if (!chat) throw noChat();
          const members = await tx.chats.members(chat.id);
          if (!members.some(({ userId }) => userId === sender.id)) throw noMember();
          const known = await earlier(tx);
          if (known) return known;
          if (body.replyToId !== undefined && (await tx.messages.find(body.replyToId))?.chatId !== chat.id) {
            throw invalidField('replyToId', 'invalid', 'There is no such message in this chat.');
          }
          await checkAttachments(tx, sender.id, body.attachments ?? []);
          return { value: await store(tx, effects, sender, chat, members, body, key), created: true };
        }, sender.id);
      } catch (error) {
        if (error instanceof RelayError && error.code !== 'quota_exceeded') throw error;
        // Storage took nothing, but a retry of what is stored already must not be reported as a failure.
        const known = await earlier(reads);
        if (!known) throw error;
        return known;
      }
    },

    async react(user: UserRow, messageId: string, emoji: string): Promise<Made<Reaction>> {
      if (!emojis.includes(emoji)) throw invalidField('emoji', 'invalid', 'That emoji is not available.');
      const { value, created } = await foundOrMade<ReactionRow>(
        async (from) => {
          await messageIn(from, user.id, messageId);
          return from.reactions.findSame(messageId, user.id, emoji);
        },
        async (tx, effects) => {
          const { chatId } = await messageIn(tx, user.id, messageId);
          const made = { id: newId(), messageId, userId: user.id, emoji, createdAt: now() };
          await tx.reactions.insert(made);
          const data = { messageId, chatId, reaction: { id: made.id, emoji, userId: user.id } };
          for (const member of await tx.chats.members(chatId)) {
            log.emit(tx, effects, member.userId, { type: 'reaction:new', data });
          }
          return made;
        },
      );
      return { value: reactionView(value), created };
    },

    async unreact(user: UserRow, messageId: string, reactionId: string): Promise<void> {
      await queue.run(async (tx, effects) => {
        const message = await messageIn(tx, user.id, messageId);
        const row = await tx.reactions.find(reactionId);
        if (row?.messageId !== messageId) throw new RelayError('not_found', 'There is no such reaction.');
        if (row.userId !== user.id) throw new RelayError('forbidden', 'That reaction is somebody else’s.');
        await tx.reactions.remove(reactionId);
        const data = { messageId, chatId: message.chatId, reactionId };
        for (const member of await tx.chats.members(message.chatId)) {
          log.emit(tx, effects, member.userId, { type: 'reaction:removed', data });
        }
      });
    },

    /** Extension `message-read`: everything up to that message has been read. */
    async markRead(userId: string, chatId: string, messageId: string): Promise<void> {
      await chatIn(reads, userId, chatId);
      const message = await reads.messages.find(messageId);
      if (message?.chatId !== chatId)
        throw invalidField('messageId', 'invalid', 'There is no such message in this chat.');
      await receipts.readUpTo(userId, chatId, message.createdAt);
    },
  };
}
