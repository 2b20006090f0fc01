/**
 * What the services need from storage. Reads see everything committed and, inside a write, that write's own changes.
 * Anything that changes data must be called inside a write of the `WriteQueue`.
 */
import type {
  ChatRow,
  EventRow,
  FileRow,
  MemberRow,
  MessageRow,
  ReactionRow,
  TrackRow,
  UploadSessionRow,
  UserRow,
} from '../records.ts';

/** Side effects to run once a write is committed and answered; dropped if the write fails. */
export interface Effects {
  after(run: () => void): void;
}

/** Atomic writes, run in the order they were queued. */
export interface WriteQueue {
  /** Queues a synchronous write. Resolves with its value once committed. */
  run<T>(write: (effects: Effects) => T): Promise<T>;
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

/** A search hit, with its sort key. */
export interface FoundUser {
  id: string;
  usernameFolded: string;
}

/** Users. Deleted users are not searchable, but remain the sender of their messages. */
export interface Users {
  find(id: string): UserRow | null;
  /** Includes deleted users: for the senders of old messages. */
  findAllEver(ids: readonly string[]): UserRow[];
  findByName(username: string): UserRow | null;
  isNameTaken(username: string): boolean;
  findAdmin(): UserRow | null;
  insert(user: NewUser): void;
  /** @returns the updated user; null if there is no such user. */
  update(id: string, change: ProfileChange): UserRow | null;
  /** Also invalidates every existing token. */
  setPassword(id: string, hash: string): void;
  setSeen(id: string, at: number): void;
  /**
   * Scans the next `limit` terms that start with `prefix` and returns the users that also match all other words, once
   * per matching term. `last` is the position to continue from, null at the end.
   */
  match(
    prefix: string,
    others: readonly string[],
    after: TermPlace,
    limit: number,
  ): { found: FoundUser[]; last: TermPlace | null };
  /** Newest first, without administrators. */
  page(limit: number, offset: number): UserRow[];
  /** The total over all pages. */
  count(): number;
}

/** A position in a user's chat list, newest activity first. */
export interface ChatPlace {
  updatedAt: number;
  id: string;
}

/** Chats, their members, and the members' receipts. */
export interface Chats {
  find(id: string): ChatRow | null;
  findPair(a: string, b: string): ChatRow | null;
  insertPair(id: string, a: string, b: string, at: number): void;
  /** All chats of a user, newest activity first. */
  idsOf(userId: string): string[];
  /** The same in pages: what follows a position, or starts at the top. */
  page(userId: string, after: ChatPlace | null, limit: number): ChatRow[];
  /** The chats that exist, in the order requested. */
  findAll(ids: readonly string[]): ChatRow[];
  member(chatId: string, userId: string): MemberRow | null;
  members(chatId: string): MemberRow[];
  membersOfAll(chatIds: readonly string[]): MemberRow[];
  /** Everybody who shares a chat with this user. */
  peersOf(userId: string): string[];
  sharesChat(a: string, b: string): boolean;
  /** Chats whose newest message was not delivered to this user yet. */
  undelivered(userId: string): { chatId: string; upTo: number }[];
  messageAdded(chatId: string, messageId: string, senderId: string, at: number): void;
  /** @returns whether the watermark moved; it only moves forward. */
  markDelivered(chatId: string, userId: string, upTo: number): boolean;
  /** @returns whether the watermark moved; reading implies delivery. */
  markRead(chatId: string, userId: string, upTo: number): boolean;
  totals(): { chats: number; messages: number };
}

/** Messages. Within a chat `createdAt` is unique and increasing, so it defines the order. */
export interface Messages {
  find(id: string): MessageRow | null;
  /** The messages that exist, in no particular order. */
  findAll(ids: readonly string[]): MessageRow[];
  findByKey(senderId: string, clientId: string): MessageRow | null;
  insert(message: MessageRow): void;
  /** Newest first. */
  newest(chatId: string, limit: number, offset: number): MessageRow[];
  /** Newest first. */
  before(chatId: string, at: number, limit: number, offset: number): MessageRow[];
  /** Oldest first. */
  after(chatId: string, at: number, limit: number, offset: number): MessageRow[];
  /** What one user sent after `from` and up to `to`, newest first. */
  sentBetween(chatId: string, senderId: string, from: number, to: number, limit: number): MessageRow[];
  newestUpTo(chatId: string, at: number): MessageRow | null;
  /** All chats, newest first. */
  page(limit: number, offset: number): MessageRow[];
}

/** Reactions: one per user, emoji and message. */
export interface Reactions {
  find(id: string): ReactionRow | null;
  findSame(messageId: string, userId: string, emoji: string): ReactionRow | null;
  /** The reactions of all these messages, oldest first. */
  ofMessages(messageIds: readonly string[]): ReactionRow[];
  insert(reaction: ReactionRow): void;
  remove(id: string): void;
  /** Newest first. */
  page(limit: number, offset: number): ReactionRow[];
  count(): number;
}

/** The event log: numbered per user without gaps, kept for a limited time. */
export interface Events {
  /** @returns the event's number. */
  append(userId: string, kind: string, body: string, at: number): number;
  /** The number of the last event; 0 before the first. */
  current(userId: string): number;
  after(userId: string, seq: number, limit: number): EventRow[];
}

/** Complete files, and the messages they are attached to. */
export interface Files {
  find(id: string): FileRow | null;
  /** The files that exist, in no particular order. */
  findAll(ids: readonly string[]): FileRow[];
  insert(file: FileRow): void;
  attach(messageId: string, chatId: string, fileIds: readonly string[]): void;
  /** What these messages attach, in order within each message. */
  ofMessages(messageIds: readonly string[]): { messageId: string; file: FileRow }[];
  idsOf(messageId: string): string[];
  /**
   * Whether the user may read the file: its uploader, the members of a chat in which it is attached, and everybody if
   * it is a picture of somebody or listed in the music library.
   */
  isReadable(id: string, userId: string): boolean;
  /** The picture of a user; null for one that is no file of this node, or none. */
  setAvatar(userId: string, fileId: string | null): void;
  /** Files of before a time that are attached nowhere, nobody's picture, and in no library. */
  unused(before: number, limit: number): string[];
  remove(id: string): void;
  totals(): { files: number; bytes: number };
  /** Bytes of a person's files: of all of them, or of those since a time. */
  usage(ownerId: string, since: number): number;
}

/** Uploads in parts. Those that are complete stay until they expire, so that completing can be repeated. */
export interface UploadSessions {
  find(id: string): UploadSessionRow | null;
  insert(session: UploadSessionRow): void;
  /** Records bytes that are on disk; the number only grows. */
  advance(id: string, received: number, expiresAt: number): void;
  remove(id: string): void;
  /** Of those that have not become a file: how many, and the bytes that they will have. */
  pending(ownerId: string): { uploads: number; bytes: number };
  expired(now: number, limit: number): UploadSessionRow[];
  /** Which of these files belong to an upload that has not expired. */
  awaited(fileIds: readonly string[]): string[];
}

/** What the library is sorted by; `added` begins with the newest. */
export type TrackSort = 'title' | 'artist' | 'album' | 'added';

/** What a track is sorted and found by, folded. Null is unknown, and comes last. */
export interface TrackKeys {
  title: string;
  artist: string | null;
  album: string | null;
  search: string;
}

/** The music library. */
export interface Tracks {
  find(fileId: string): TrackRow | null;
  insert(track: TrackRow, keys: TrackKeys): void;
  /** Everything but whose it is, its duration and its time. */
  update(track: TrackRow, keys: TrackKeys): void;
  remove(fileId: string): void;
  /** The tracks whose search key contains every word. */
  page(query: { words: readonly string[]; sort: TrackSort; limit: number; offset: number }): TrackRow[];
  count(words: readonly string[]): number;
}

/** A repository as seen by a service that awaits each call: one that answers later fits as well. */
export type Awaitable<T> = {
  [K in keyof T]: T[K] extends (...given: infer A) => infer R ? (...given: A) => R | Promise<R> : T[K];
};
