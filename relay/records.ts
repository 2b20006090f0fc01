/** What the node keeps, as plain records that every room may name. Times are milliseconds since the epoch. */

/** A person's account. */
export interface UserRow {
  id: string;
  username: string;
  firstName: string;
  lastName: string;
  age: number | null;
  bio: string;
  avatarUrl: string;
  passwordHash: string;
  role: 'user' | 'admin';
  tokenVersion: number;
  seq: number;
  createdAt: number;
  lastSeenAt: number | null;
}

export interface ChatRow {
  id: string;
  createdAt: number;
  updatedAt: number;
  lastMessageId: string | null;
  lastMessageAt: number;
  messageCount: number;
}

export interface MemberRow {
  chatId: string;
  userId: string;
  /** Everything up to these times was delivered to, read by, this member. */
  deliveredAt: number;
  readAt: number;
  unread: number;
}

export interface MessageRow {
  id: string;
  chatId: string;
  senderId: string;
  content: string;
  replyToId: string | null;
  clientId: string | null;
  createdAt: number;
}

export interface ReactionRow {
  id: string;
  messageId: string;
  userId: string;
  emoji: string;
  createdAt: number;
}

/** One entry of a person's event log. */
export interface EventRow {
  seq: number;
  kind: string;
  body: string;
}
