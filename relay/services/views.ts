/** Rows as the API shows them to one viewer. The only place where fields a viewer must not see are left out. */
import type { Chat } from '#contract/api/chat.ts';
import type { File } from '#contract/api/file.ts';
import type { Message, QuotedMessage, Reaction } from '#contract/api/message.ts';
import type { User } from '#contract/api/user.ts';
import { LIMITS } from '#contract/model/limits.ts';
import type { ServerStatus } from '#contract/model/send-state.ts';
import type { ChatRow, MemberRow, MessageRow, ReactionRow, UserRow } from '../records.ts';
import { fileView } from './file-view.ts';
import { createLookups, type LookupSources } from './lookups.ts';

export interface ViewOptions {
  /** Those of the given users who are online; null when the node does not report presence. */
  online: ((userIds: readonly string[]) => Promise<ReadonlySet<string>>) | null;
  /** Whether senders see their own keys. */
  showClientId: boolean;
  /** Whether files are shown with all that is known of them. */
  extendedFiles: boolean;
}

export function iso(ms: number): string {
  return new Date(ms).toISOString();
}

/** The status of a message: that of the slowest other member. */
export function statusOf(
  message: { senderId: string; createdAt: number },
  members: readonly Pick<MemberRow, 'userId' | 'readAt' | 'deliveredAt'>[],
): ServerStatus {
  const others = members.filter((member) => member.userId !== message.senderId);
  if (others.length === 0) return 'sent';
  if (others.every((member) => member.readAt >= message.createdAt)) return 'read';
  return others.every((member) => member.deliveredAt >= message.createdAt) ? 'delivered' : 'sent';
}

/** A user as visible to every signed-in user. */
export function publicUser(row: UserRow): User {
  return {
    id: row.id,
    username: row.username,
    firstName: row.firstName,
    lastName: row.lastName,
    bio: row.bio,
    avatarUrl: row.avatarUrl === '' ? null : row.avatarUrl,
    createdAt: iso(row.createdAt),
  };
}

/** A user as visible to themselves and to the administrator: includes the age. */
export function ownUser(row: UserRow): User {
  return { ...publicUser(row), age: row.age };
}

export function reactionView(row: ReactionRow): Reaction {
  return { id: row.id, emoji: row.emoji, userId: row.userId, messageId: row.messageId, createdAt: iso(row.createdAt) };
}

/** The first `max` characters of a text in code points, the unit all lengths are counted in. */
function firstCharacters(text: string, max: number): string {
  // `max` code points are at most twice as many UTF-16 units; the rest need not be scanned.
  return [...text.slice(0, max * 2)].slice(0, max).join('');
}

/** A message reduced to what a one-line preview needs; flagged if anything was left out. */
export function shortened(message: Message): Message {
  const content = firstCharacters(message.content, LIMITS.lastMessage.max);
  const { replyTo = null, reactions } = message;
  const files = message.attachments ?? [];
  const isWhole = content === message.content && replyTo === null && (reactions ?? []).length === 0;
  if (isWhole && files.every(({ peaks, thumbhash }) => peaks === undefined && thumbhash === undefined)) return message;
  const attachments = files.map(({ peaks: _peaks, thumbhash: _thumbhash, ...file }) => file);
  return {
    ...message,
    content,
    ...(attachments.length > 0 ? { attachments } : {}),
    replyTo: null,
    reactions: [],
    shortened: true,
  };
}

/** Rows whose related data is loaded together. */
const BATCH = 25;

function* batches<T>(rows: readonly T[]): Generator<readonly T[]> {
  for (let start = 0; start < rows.length; start += BATCH) yield rows.slice(start, start + BATCH);
}

/**
 * Creates the views for one viewer (null: the administrator) and one response; lookups are cached for that long.
 * @param sources the repositories of a write, for what it just changed; otherwise those of everybody.
 */
export function createViews(sources: LookupSources, options: ViewOptions, viewerId: string | null) {
  const lookups = createLookups(sources);

  /** Only the fields a message bubble needs. */
  function sender(id: string): User | null {
    const row = lookups.person(id);
    if (!row) return null;
    const { username, firstName, lastName, avatarUrl } = publicUser(row);
    return { id, username, firstName, lastName, avatarUrl };
  }

  /** Null when the node does not report presence. */
  const onlineOf = async (ids: readonly string[]): Promise<ReadonlySet<string> | null> =>
    options.online ? options.online([...new Set(ids)]) : null;

  function showParticipant(row: UserRow, online: ReadonlySet<string> | null): User {
    const shown = publicUser(row);
    if (!online) return shown;
    const lastSeenAt = row.lastSeenAt === null ? null : iso(row.lastSeenAt);
    return { ...shown, online: online.has(row.id), lastSeenAt };
  }

  async function participant(row: UserRow): Promise<User> {
    return showParticipant(row, await onlineOf([row.id]));
  }

  function files(messageId: string): File[] {
    return lookups.files(messageId).map((row) => fileView(row, options.extendedFiles));
  }

  function quote(id: string): QuotedMessage | null {
    const row = lookups.quoted(id);
    if (!row) return null;
    const { chatId, content, senderId, createdAt } = row;
    return {
      id,
      chatId,
      content,
      sender: sender(senderId),
      senderId,
      attachments: files(id),
      createdAt: iso(createdAt),
    };
  }

  function showMessage(row: MessageRow): Message {
    const own = row.senderId === viewerId && options.showClientId && row.clientId !== null;
    return {
      id: row.id,
      chatId: row.chatId,
      content: row.content,
      sender: sender(row.senderId),
      senderId: row.senderId,
      attachments: files(row.id),
      replyTo: row.replyToId === null ? null : quote(row.replyToId),
      replyToId: row.replyToId,
      reactions: lookups.reactions(row.id).map(reactionView),
      status: statusOf(row, lookups.members(row.chatId)),
      createdAt: iso(row.createdAt),
      ...(own ? { clientId: row.clientId } : {}),
    };
  }

  function showChat(row: ChatRow, last: MessageRow | undefined, online: ReadonlySet<string> | null): Chat {
    const members = lookups.members(row.id);
    return {
      id: row.id,
      participants: members.flatMap((member) => {
        const user = lookups.person(member.userId);
        return user ? [showParticipant(user, online)] : [];
      }),
      lastMessage: last ? showMessage(last) : null,
      unreadCount: members.find((member) => member.userId === viewerId)?.unread ?? 0,
      createdAt: iso(row.createdAt),
      updatedAt: iso(row.updatedAt),
    };
  }

  /** In batches, each with its own lookups. */
  async function* messages(rows: readonly MessageRow[]): AsyncGenerator<Message, void> {
    for (const batch of batches(rows)) {
      await lookups.load(batch);
      for (const row of batch) yield showMessage(row);
    }
  }

  async function message(row: MessageRow): Promise<Message> {
    await lookups.load([row]);
    return showMessage(row);
  }

  /** A message that was just stored in a chat with these members. */
  async function newMessage(row: MessageRow, members: readonly MemberRow[], hasFiles: boolean): Promise<Message> {
    await lookups.loadNew(row, members, hasFiles);
    return showMessage(row);
  }

  async function* chats(rows: readonly ChatRow[]): AsyncGenerator<Chat, void> {
    for (const batch of batches(rows)) {
      const lastIds = batch.flatMap((row) => (row.lastMessageId === null ? [] : [row.lastMessageId]));
      const last = new Map((await sources.messages.findAll(lastIds)).map((found) => [found.chatId, found]));
      await lookups.load(
        [...last.values()],
        batch.map((row) => row.id),
      );
      const members = batch.flatMap((row) => lookups.members(row.id).map(({ userId }) => userId));
      const online = await onlineOf(members);
      for (const row of batch) yield showChat(row, last.get(row.id), online);
    }
  }

  async function chat(row: ChatRow): Promise<Chat> {
    const { value: shown } = await chats([row]).next();
    if (!shown) throw new Error('a chat without a view');
    return shown;
  }

  return { message, newMessage, messages, chat, chats, participant };
}

export type Views = ReturnType<typeof createViews>;

/** The views of one viewer (null: the administrator), of what everybody sees or of what a write has changed. */
export type ViewsFor = (viewerId: string | null, sources?: LookupSources) => Views;
