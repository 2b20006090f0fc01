/**
 * What the services need from storage. Everything is asynchronous, so that the data may lie in this process or behind a
 * network.
 *
 * Reads outside of a write see what was committed, and nothing else. Changes are possible only inside of a write: it gets
 * the repositories of its own transaction, and what it reads through them includes its own changes.
 */
import type {
  AuditRow,
  CallRow,
  CallSignalRow,
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
  /** The same from the other end: oldest first. */
  pageUp(after: TimePlace | null, limit: number): Promise<Row[]>;
  /**
   * The position `count` rows further on; null when there are not so many. Passing over rows costs less than reading them,
   * but more of them cost more: callers go in steps.
   */
  skip(after: TimePlace | null, count: number): Promise<TimePlace | null>;
  /** The same from the other end. */
  skipUp(after: TimePlace | null, count: number): Promise<TimePlace | null>;
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
  /** Like the list by time, in another order; from the top (null) or after a position. */
  sorted(sort: UserSort, isDown: boolean, after: UserSortPlace | null, limit: number): Promise<UserRow[]>;
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
  files: number;
  fileBytes: number;
  calls: number;
}

/** Totals are kept as rows come and go: reading them costs the same however many there are. */
export interface TotalReads {
  read(): Promise<Totals>;
  /** The emojis that are chosen most in reactions, the most frequent first; of as many, in the order of their bytes. */
  emojis(limit: number): Promise<EmojiTotal[]>;
}

/** How many reactions an emoji is in. */
export interface EmojiTotal {
  emoji: string;
  count: number;
}

/** The totals by the hour in which their rows were made, and what is sampled by the hour. */
export const SAMPLED = ['online'] as const;
export type HourName = keyof Totals | (typeof SAMPLED)[number];

/** One hour's number. */
export interface HourRow {
  name: HourName;
  /** Since the epoch. */
  hour: number;
  value: number;
}

/** Kept as rows come and go, like the totals: an hour with nothing has no row. */
export interface HourReads {
  /** From an hour up to before another one, in order. */
  between(from: number, to: number): Promise<HourRow[]>;
  /** The newest hour through whose rows an offset is reached, newest rows first. */
  reaching(name: keyof Totals, offset: number): Promise<HourReach | null>;
}

/** An hour since the epoch, how many rows are newer than its own, and how many are when its own are counted too. */
export interface HourReach {
  hour: number;
  before: number;
  through: number;
}

export interface Hours extends HourReads {
  /** Keeps the greatest of an hour's samples. */
  sample(name: (typeof SAMPLED)[number], hour: number, value: number): Promise<void>;
}

/** What administrators looked at, newest first. */
export type AuditReads = TimeList<AuditRow>;

export interface Audit extends AuditReads {
  insert(entry: AuditRow): Promise<void>;
  /** Removes everything older than the newest `keep` entries. */
  trim(keep: number): Promise<void>;
}

/** In which order all people are listed. */
export type UserSort = 'name' | 'seen';

/** A position among all people in that order: what they are ordered by, and what tells those of one key apart. */
export interface UserSortPlace {
  key: string | number;
  tie: string;
}

/** What one person has sent and keeps. */
export interface Activity {
  userId: string;
  messages: number;
  storedBytes: number;
}

export interface ActivityReads {
  /** Of these people, in their order. */
  of(userIds: readonly string[]): Promise<Activity[]>;
}

/** Complete files, and the messages they are attached to. */
export interface FileReads {
  find(id: string): Promise<FileRow | null>;
  /** The files that exist, in no particular order. */
  findAll(ids: readonly string[]): Promise<FileRow[]>;
  /** What these messages attach, in order within each message. */
  ofMessages(messageIds: readonly string[]): Promise<{ messageId: string; file: FileRow }[]>;
  idsOf(messageId: string): Promise<string[]>;
  /**
   * Whether the user may read the file: its uploader, the members of a chat in which it is attached, and everybody if
   * it is a picture of somebody or listed in the music library.
   */
  isReadable(id: string, userId: string): Promise<boolean>;
  /**
   * Of the next `limit` files by time, from before a time (milliseconds), those that are attached nowhere, nobody's
   * picture, and in no library.
   */
  unused(after: TimePlace | null, before: number, limit: number): Promise<Scanned<string, TimePlace>>;
  /** Bytes of a person's files: of all of them, or of those since a time. */
  usage(ownerId: string, since: number): Promise<number>;
}

export interface Files extends FileReads {
  /**
   * Keeps the number of a person's bytes to this write until it ends: other writes that lock it wait. For the check of
   * a quota that is followed by an insert.
   */
  lock(ownerId: string): Promise<void>;
  insert(file: FileRow): Promise<void>;
  attach(messageId: string, chatId: string, fileIds: readonly string[]): Promise<void>;
  /** The picture of a user; null for one that is no file of this node, or none. */
  setAvatar(userId: string, fileId: string | null): Promise<void>;
  remove(id: string): Promise<void>;
  /** Removes those of these files that are still unused, and that nobody else is just taking into use. @returns which. */
  removeUnused(ids: readonly string[]): Promise<string[]>;
}

/** Uploads in parts. Those that are complete stay until they expire, so that completing can be repeated. */
export interface UploadSessionReads {
  find(id: string): Promise<UploadSessionRow | null>;
  /** Of those that have not become a file: how many, and the bytes that they will have. */
  pending(ownerId: string): Promise<{ uploads: number; bytes: number }>;
  expired(now: number, limit: number): Promise<UploadSessionRow[]>;
  /** Which of these files belong to an upload that has not expired. */
  awaited(fileIds: readonly string[]): Promise<string[]>;
}

export interface UploadSessions extends UploadSessionReads {
  insert(session: UploadSessionRow): Promise<void>;
  /** Records bytes that are on disk; the number only grows. */
  advance(id: string, received: number, expiresAt: number): Promise<void>;
  remove(id: string): Promise<void>;
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
export interface TrackReads {
  find(fileId: string): Promise<TrackRow | null>;
  /** Those that are there, in no order. */
  findAll(fileIds: readonly string[]): Promise<TrackRow[]>;
  /** The files of the tracks whose search key contains every word. */
  ids(query: { words: readonly string[]; sort: TrackSort; limit: number; offset: number }): Promise<string[]>;
  count(words: readonly string[]): Promise<number>;
}

export interface Tracks extends TrackReads {
  insert(track: TrackRow, keys: TrackKeys): Promise<void>;
  /** Everything but whose it is, its duration and its time. */
  update(track: TrackRow, keys: TrackKeys): Promise<void>;
  remove(fileId: string): Promise<void>;
}

/** Calls. One is open as long as it rings or runs. */
export interface CallReads {
  find(id: string): Promise<CallRow | null>;
  /** The open calls of any of these people. */
  openOf(userIds: readonly string[]): Promise<CallRow[]>;
  /** Those that have been ringing since before a time (milliseconds), the longest first. */
  ringing(before: number, limit: number): Promise<CallRow[]>;
  /** Those that run, by the time at which they began to ring, from a time on (milliseconds). */
  active(after: number, limit: number): Promise<CallRow[]>;
  /** One person's calls from before a time (milliseconds), newest first. */
  page(userId: string, before: number, limit: number): Promise<CallRow[]>;
  /** What is kept of one side's signals, in the order of their numbers. */
  signalsOf(callId: string, userId: string): Promise<CallSignalRow[]>;
}

export interface Calls extends CallReads {
  /** Keeps these people's calls to this write until it ends. */
  lock(userIds: readonly string[]): Promise<void>;
  insert(call: CallRow): Promise<void>;
  /** Everything but where it began and between whom. */
  update(call: CallRow): Promise<void>;
  /** @returns false when a signal with that number is kept already. */
  keepSignal(signal: CallSignalRow): Promise<boolean>;
  /** Drops what is kept of one side, or of both. */
  dropSignals(callId: string, userId?: string): Promise<void>;
}

/** What can be read at any time. */
export interface Reads {
  users: UserReads;
  chats: ChatReads;
  messages: MessageReads;
  reactions: ReactionReads;
  files: FileReads;
  uploadSessions: UploadSessionReads;
  tracks: TrackReads;
  calls: CallReads;
  events: EventReads;
  totals: TotalReads;
  hours: HourReads;
  activity: ActivityReads;
  audit: AuditReads;
}

/** What a write has: the same, and what changes it. */
export interface Repositories extends Reads {
  users: Users;
  chats: Chats;
  messages: Messages;
  reactions: Reactions;
  files: Files;
  uploadSessions: UploadSessions;
  tracks: Tracks;
  calls: Calls;
  events: Events;
  hours: Hours;
  audit: Audit;
}
