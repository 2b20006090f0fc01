/** Rows as the API shows them to one viewer. What a viewer must not see is left out here and nowhere else. */
import type { Chat } from '#contract/api/chat.ts';
import type { Message, QuotedMessage, Reaction } from '#contract/api/message.ts';
import type { User } from '#contract/api/user.ts';
import type { ServerStatus } from '#contract/model/send-state.ts';
import type { ChatRow, Chats, MemberRow } from '../repositories/chats.ts';
import type { MessageRow, Messages } from '../repositories/messages.ts';
import type { ReactionRow, Reactions } from '../repositories/reactions.ts';
import type { UserRow, Users } from '../repositories/users.ts';

export interface ViewSources {
  users: Users;
  chats: Chats;
  messages: Messages;
  reactions: Reactions;
  /** Null when the node tells nobody who is there. */
  isOnline: ((userId: string) => boolean) | null;
  /** Whether senders find their keys again. */
  showClientId: boolean;
}

export function iso(ms: number): string {
  return new Date(ms).toISOString();
}

/** How far a message has come: as far as the slowest of the others. */
export function statusOf(
  message: { senderId: string; createdAt: number },
  members: readonly Pick<MemberRow, 'userId' | 'readAt' | 'deliveredAt'>[],
): ServerStatus {
  const others = members.filter((member) => member.userId !== message.senderId);
  if (others.length === 0) return 'sent';
  if (others.every((member) => member.readAt >= message.createdAt)) return 'read';
  return others.every((member) => member.deliveredAt >= message.createdAt) ? 'delivered' : 'sent';
}

/** A person as everybody signed in may see them. */
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

/** A person as they see themselves, and the administrator sees them: with the age. */
export function ownUser(row: UserRow): User {
  return { ...publicUser(row), age: row.age };
}

export function reactionView(row: ReactionRow): Reaction {
  return { id: row.id, emoji: row.emoji, userId: row.userId, messageId: row.messageId, createdAt: iso(row.createdAt) };
}

/** Makes views for one viewer (null: the administrator) within one answer; what it looked up is kept that long. */
export function createViews(sources: ViewSources, viewerId: string | null) {
  const people = new Map<string, UserRow | null>();
  const memberships = new Map<string, MemberRow[]>();

  function remembered<T>(map: Map<string, T>, key: string, look: () => T): T {
    const known = map.get(key);
    if (known !== undefined) return known;
    const found = look();
    map.set(key, found);
    return found;
  }
  const person = (id: string) => remembered(people, id, () => sources.users.findEver(id));
  const membersOf = (chatId: string) => remembered(memberships, chatId, () => sources.chats.members(chatId));

  /** Beside a message only what a bubble needs. */
  function sender(id: string): User | null {
    const row = person(id);
    if (!row) return null;
    const { username, firstName, lastName, avatarUrl } = publicUser(row);
    return { id, username, firstName, lastName, avatarUrl };
  }

  function participant(row: UserRow): User {
    const shown = publicUser(row);
    if (!sources.isOnline) return shown;
    const online = sources.isOnline(row.id);
    return { ...shown, online, lastSeenAt: row.lastSeenAt === null ? null : iso(row.lastSeenAt) };
  }

  function quote(id: string): QuotedMessage | null {
    const row = sources.messages.find(id);
    if (!row) return null;
    const { chatId, content, senderId, createdAt } = row;
    return { id, chatId, content, sender: sender(senderId), senderId, attachments: [], createdAt: iso(createdAt) };
  }

  function message(row: MessageRow): Message {
    const own = row.senderId === viewerId && sources.showClientId && row.clientId !== null;
    return {
      id: row.id,
      chatId: row.chatId,
      content: row.content,
      sender: sender(row.senderId),
      senderId: row.senderId,
      attachments: [],
      replyTo: row.replyToId === null ? null : quote(row.replyToId),
      replyToId: row.replyToId,
      reactions: sources.reactions.ofMessage(row.id).map(reactionView),
      status: statusOf(row, membersOf(row.chatId)),
      createdAt: iso(row.createdAt),
      ...(own ? { clientId: row.clientId } : {}),
    };
  }

  function chat(row: ChatRow): Chat {
    const members = membersOf(row.id);
    const last = row.lastMessageId === null ? null : sources.messages.find(row.lastMessageId);
    return {
      id: row.id,
      participants: members.flatMap((member) => {
        const user = person(member.userId);
        return user ? [participant(user)] : [];
      }),
      lastMessage: last ? message(last) : null,
      unreadCount: members.find((member) => member.userId === viewerId)?.unread ?? 0,
      createdAt: iso(row.createdAt),
      updatedAt: iso(row.updatedAt),
    };
  }

  return { message, chat, participant };
}

export type Views = ReturnType<typeof createViews>;
