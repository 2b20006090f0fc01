/**
 * What the services ask of the storage. Reads see everything committed and, inside a write, what that write has done so far.
 * Whatever changes something is called inside a write of the `WriteQueue`.
 */
import type { ChatRow, EventRow, MemberRow, MessageRow, ReactionRow, UserRow } from '../records.ts';

/** What a write wants done once it is on the disk and answered; forgotten when the write fails. */
export interface Effects {
  after(run: () => void): void;
}

/** Writes, each of them whole or not at all, in the order in which they were queued. */
export interface WriteQueue {
  /** Queues a synchronous write. Resolves with its value once it is committed. */
  run<T>(write: (effects: Effects) => T): Promise<T>;
}

/** Writes that only note what somebody has received, read or done: a full disk fails none of them. */
export interface LateWrites {
  /**
   * Writes now, or keeps for later what the storage refused. Never rejects.
   * @param key of two that are kept under one key the one with the greater `order` stays.
   */
  attempt(key: string, order: number, write: () => Promise<void>): Promise<void>;
}

export type NewUser = Omit<UserRow, 'seq' | 'tokenVersion' | 'lastSeenAt' | 'avatarUrl'>;
export type ProfileChange = Partial<Pick<UserRow, 'firstName' | 'lastName' | 'bio' | 'avatarUrl'>>;

/** A place in the index of the terms by which people are found. */
export interface TermPlace {
  term: string;
  userId: string;
}

/** Somebody who was found, with what they are put in order by. */
export interface FoundUser {
  id: string;
  usernameFolded: string;
}

/** Deleted people are found by nobody; what they wrote keeps its sender. */
export interface Users {
  find(id: string): UserRow | null;
  /** Also those who are no more: for the sender of an old message. */
  findAllEver(ids: readonly string[]): UserRow[];
  findByName(username: string): UserRow | null;
  isNameTaken(username: string): boolean;
  findAdmin(): UserRow | null;
  insert(user: NewUser): void;
  /** @returns the person as they are now; null when there is no such person. */
  update(id: string, change: ProfileChange): UserRow | null;
  /** Also ends every token that was made before. */
  setPassword(id: string, hash: string): void;
  setSeen(id: string, at: number): void;
  /**
   * Those among the next `limit` terms that begin with `prefix` whom each of the other words finds as well; a person
   * once per term. `last` is the place to go on from, null at the end.
   */
  match(
    prefix: string,
    others: readonly string[],
    after: TermPlace,
    limit: number,
  ): { found: FoundUser[]; last: TermPlace | null };
  /** Newest first, without administrators. */
  page(limit: number, offset: number): UserRow[];
  /** As many as all the pages hold. */
  count(): number;
}

/** A place in a person's list of chats, newest activity first. */
export interface ChatPlace {
  updatedAt: number;
  id: string;
}

/** Chats, their members, and how far each member has received and read. */
export interface Chats {
  find(id: string): ChatRow | null;
  findPair(a: string, b: string): ChatRow | null;
  insertPair(id: string, a: string, b: string, at: number): void;
  /** All of a person's chats, newest activity first. */
  idsOf(userId: string): string[];
  /** The same in pages: what comes after a place, or from the beginning. */
  page(userId: string, after: ChatPlace | null, limit: number): ChatRow[];
  /** Those that are there, in the order asked for. */
  findAll(ids: readonly string[]): ChatRow[];
  member(chatId: string, userId: string): MemberRow | null;
  members(chatId: string): MemberRow[];
  membersOfAll(chatIds: readonly string[]): MemberRow[];
  /** Everybody who shares a chat with this person. */
  peersOf(userId: string): string[];
  sharesChat(a: string, b: string): boolean;
  /** Chats whose newest message this person has not received. */
  undelivered(userId: string): { chatId: string; upTo: number }[];
  messageAdded(chatId: string, messageId: string, senderId: string, at: number): void;
  /** @returns whether the mark moved; it only ever goes forward. */
  markDelivered(chatId: string, userId: string, upTo: number): boolean;
  /** @returns whether the mark moved; what was read was delivered as well. */
  markRead(chatId: string, userId: string, upTo: number): boolean;
  totals(): { chats: number; messages: number };
}

/** Messages. Within a chat `createdAt` is unique and grows, so it is the order. */
export interface Messages {
  find(id: string): MessageRow | null;
  /** Those that are there, in no order. */
  findAll(ids: readonly string[]): MessageRow[];
  findByKey(senderId: string, clientId: string): MessageRow | null;
  insert(message: MessageRow): void;
  /** Newest first. */
  newest(chatId: string, limit: number, offset: number): MessageRow[];
  /** Newest first. */
  before(chatId: string, at: number, limit: number, offset: number): MessageRow[];
  /** Oldest first. */
  after(chatId: string, at: number, limit: number, offset: number): MessageRow[];
  /** What one person sent after `from` and up to `to`, newest first. */
  sentBetween(chatId: string, senderId: string, from: number, to: number, limit: number): MessageRow[];
  newestUpTo(chatId: string, at: number): MessageRow | null;
  /** Over all chats, newest first. */
  page(limit: number, offset: number): MessageRow[];
}

/** Reactions: one for one person's one emoji on one message. */
export interface Reactions {
  find(id: string): ReactionRow | null;
  findSame(messageId: string, userId: string, emoji: string): ReactionRow | null;
  /** Of all these messages, in the order of choosing. */
  ofMessages(messageIds: readonly string[]): ReactionRow[];
  insert(reaction: ReactionRow): void;
  remove(id: string): void;
  /** Newest first. */
  page(limit: number, offset: number): ReactionRow[];
  count(): number;
}

/** The log of what touched each person, numbered per person without a gap, kept for a while. */
export interface Events {
  /** @returns the event's number. */
  append(userId: string, kind: string, body: string, at: number): number;
  /** The number of the last event; 0 before the first. */
  current(userId: string): number;
  after(userId: string, seq: number, limit: number): EventRow[];
}
