/**
 * What the services need from storage. Everything is asynchronous, so that the data may lie in this process or behind a
 * network.
 *
 * Reads outside of a write see what was committed, and nothing else. Changes are possible only inside of a write: it gets
 * the repositories of its own transaction, and what it reads through them includes its own changes.
 */
import type { ChatRow, EventRow, MemberRow, MessageRow, ReactionRow, UserRow } from '../records.ts';

/** Side effects to run once a write is committed and answered; dropped if the write fails. */
export interface Effects {
  after(run: () => void): void;
}

/** Atomic writes: committed, then answered, then followed by their effects. */
export interface WriteQueue {
  /**
   * Queues a write. Resolves with its value once committed; if it throws, nothing of it is stored.
   *
   * The write uses `tx` alone (a read outside of it may wait for this very transaction) and waits for nothing but `tx`.
   * It may be run again from the start when the database asks for it, so it changes nothing outside that a second run
   * would not put right.
   *
   * @param lane writes of the same lane are stored in the order in which they were queued. Without a lane the order
   *   among writes of one turn is not promised.
   * @throws RelayError `quota_exceeded` when the disk is full.
   */
  run<T>(write: (tx: Repositories, effects: Effects) => Promise<T>, lane?: string): Promise<T>;
}

/** Writes that only record receipts or activity; a full disk makes none of them fail. */
export interface LateWrites {
  /**
   * Writes now, or retries later if storage refused. Never rejects.
   * @param key of two pending writes with the same key, the one with the greater `order` is kept.
   */
  attempt(key: string, order: number, write: () => Promise<void>): Promise<void>;
}

export type NewUser = Omit<UserRow, 'seq' | 'tokenVersion' | 'lastSeenAt' | 'avatarUrl'>;
export type ProfileChange = Partial<Pick<UserRow, 'firstName' | 'lastName' | 'bio' | 'avatarUrl'>>;

/** A position in the index of search terms. */
export interface TermPlace {
  term: string;
  userId: string;
}

/** A search hit, with what hits are ordered by: the username as people search for it, then as it is compared. */
export interface FoundUser {
  id: string;
  searchName: string;
  usernameFolded: string;
}

/** A slice of an index: what was found in it, and the position to continue from; null at the end. */
export interface Scanned<Found, Place> {
  found: Found[];
  last: Place | null;
}

/** A position in a list by time. */
export interface TimePlace {
  createdAt: number;
  id: string;
}

/** All rows of a table, newest first. A page begins at the top (null) or after a position. */
export interface TimeList<Row> {
  page(after: TimePlace | null, limit: number): Promise<Row[]>;
  /**
   * The position `count` rows further on; null when there are not so many. Passing over rows costs less than reading them,
   * but more of them cost more: callers go in steps.
   */
  skip(after: TimePlace | null, count: number): Promise<TimePlace | null>;
}

/**
 * Users. Deleted users are not searchable, but remain the sender of their messages. The list by time has neither them nor
 * administrators.
 */
export interface UserReads extends TimeList<UserRow> {
  find(id: string): Promise<UserRow | null>;
  /** Includes deleted users: for the senders of old messages. In no particular order. */
  findAllEver(ids: readonly string[]): Promise<UserRow[]>;
  findByName(username: string): Promise<UserRow | null>;
  isNameTaken(username: string): Promise<boolean>;
  findAdmin(): Promise<UserRow | null>;
  /**
   * Scans the next `limit` terms that start with `prefix` and returns the users that also match all other words, once
   * per matching term. `last` is the position to continue from, null at the end.
   */
  match(
    prefix: string,
    others: readonly string[],
    after: TermPlace,
    limit: number,
  ): Promise<Scanned<FoundUser, TermPlace>>;
  /** The first `limit` users, without administrators, whose username starts with `prefix`, in the order of the names. */
  named(prefix: string, limit: number): Promise<FoundUser[]>;
}

export interface Users extends UserReads {
  insert(user: NewUser): Promise<void>;
  /** @returns the updated user; null if there is no such user. */
  update(id: string, change: ProfileChange): Promise<UserRow | null>;
  /** Also invalidates every existing token. */
  setPassword(id: string, hash: string): Promise<void>;
  setSeen(id: string, at: number): Promise<void>;
}

/** A position in a user's chat list, newest activity first. */
export interface ChatPlace {
  updatedAt: number;
  id: string;
}

/** Chats, their members, and the members' receipts. */
export interface ChatReads {
  find(id: string): Promise<ChatRow | null>;
  findPair(a: string, b: string): Promise<ChatRow | null>;
  /** All chats of a user, newest activity first. */
  idsOf(userId: string): Promise<string[]>;
  /** The same in pages: what follows a position, or starts at the top. */
  page(userId: string, after: ChatPlace | null, limit: number): Promise<ChatRow[]>;
  /** The chats that exist, in the order requested. */
  findAll(ids: readonly string[]): Promise<ChatRow[]>;
  member(chatId: string, userId: string): Promise<MemberRow | null>;
  /** In the order of their ids. */
  members(chatId: string): Promise<MemberRow[]>;
  membersOfAll(chatIds: readonly string[]): Promise<MemberRow[]>;
  /** Everybody who shares a chat with this user. */
  peersOf(userId: string): Promise<string[]>;
  sharesChat(a: string, b: string): Promise<boolean>;
  /** Of the next `limit` chats of this user, those whose newest message was not delivered to them yet. */
  undelivered(
    userId: string,
    after: ChatPlace | null,
    limit: number,
  ): Promise<Scanned<{ chatId: string; upTo: number }, ChatPlace>>;
}

export interface Chats extends ChatReads {
  /**
   * Keeps these chats to this write until it ends: what it reads of them from here on is changed by nobody else. A write
   * locks everything it needs at once, and before it reads what it depends on.
   */
  lock(ids: readonly string[]): Promise<void>;
  insertPair(id: string, a: string, b: string, at: number): Promise<void>;
  messageAdded(chatId: string, messageId: string, senderId: string, at: number): Promise<void>;
  /** @returns whether the watermark moved; it only moves forward. */
  markDelivered(chatId: string, userId: string, upTo: number): Promise<boolean>;
  /** @returns whether the watermark moved; reading implies delivery. */
  markRead(chatId: string, userId: string, upTo: number): Promise<boolean>;
}

/** Messages. Within a chat `createdAt` is unique and increasing, so it defines the order. */
export interface MessageReads extends TimeList<MessageRow> {
  find(id: string): Promise<MessageRow | null>;
  /** The messages that exist, in no particular order. */
  findAll(ids: readonly string[]): Promise<MessageRow[]>;
  findByKey(senderId: string, clientId: string): Promise<MessageRow | null>;
  /** Newest first. */
  newest(chatId: string, limit: number, offset: number): Promise<MessageRow[]>;
  /** Newest first. */
  before(chatId: string, at: number, limit: number, offset: number): Promise<MessageRow[]>;
  /** Oldest first. */
  after(chatId: string, at: number, limit: number, offset: number): Promise<MessageRow[]>;
  /** What one user sent after `from` and up to `to`, newest first. */
  sentBetween(chatId: string, senderId: string, from: number, to: number, limit: number): Promise<MessageRow[]>;
  newestUpTo(chatId: string, at: number): Promise<MessageRow | null>;
}

export interface Messages extends MessageReads {
  /** Then its chat is told, by `messageAdded`. */
  insert(message: MessageRow): Promise<void>;
}

/** Reactions: one per user, emoji and message. */
export interface ReactionReads extends TimeList<ReactionRow> {
  find(id: string): Promise<ReactionRow | null>;
  findSame(messageId: string, userId: string, emoji: string): Promise<ReactionRow | null>;
  /** The reactions of all these messages, oldest first. */
  ofMessages(messageIds: readonly string[]): Promise<ReactionRow[]>;
}

export interface Reactions extends ReactionReads {
  insert(reaction: ReactionRow): Promise<void>;
  remove(id: string): Promise<void>;
}

/** The event log: numbered per user without gaps, kept for a limited time. */
export interface EventReads {
  /** The number of the last event; 0 before the first. */
  current(userId: string): Promise<number>;
  /** In the order of their numbers. */
  after(userId: string, seq: number, limit: number): Promise<EventRow[]>;
  /** Of the next `limit` users by id, those with events from before that time (milliseconds). */
  expired(after: string, before: number, limit: number): Promise<Scanned<string, string>>;
}

/** What an event will be numbered. */
export interface EventNumber {
  /** Known once the write is complete: for its effects. @throws Error before that. */
  readonly seq: number;
}

export interface Events extends EventReads {
  /**
   * Adds an event at the end of the write. All events of a write are numbered together, last of all and in one order of
   * users: so the order of the numbers is that of the commits, and no two writes wait for each other in a circle.
   */
  append(userId: string, kind: string, body: string, at: number): EventNumber;
  /** Removes this user's oldest events from before that time. @returns how many; `limit` if there may be more. */
  expire(userId: string, before: number, limit: number): Promise<number>;
}

/** How many there are: users without administrators and deleted ones, and all of the others. */
export interface Totals {
  users: number;
  chats: number;
  messages: number;
  reactions: number;
}

/** Totals are kept as rows come and go: reading them costs the same however many there are. */
export interface TotalReads {
  read(): Promise<Totals>;
}

/** What can be read at any time. */
export interface Reads {
  users: UserReads;
  chats: ChatReads;
  messages: MessageReads;
  reactions: ReactionReads;
  events: EventReads;
  totals: TotalReads;
}

/** What a write has: the same, and what changes it. */
export interface Repositories extends Reads {
  users: Users;
  chats: Chats;
  messages: Messages;
  reactions: Reactions;
  events: Events;
}
