import type { ServerStatus } from '#contract/model/send-state.ts';
import type { WorkerLog } from './protocol.ts';
import type { JournalLine } from './recovery/journal.ts';
import type { Sql } from './sql.ts';

/** What every operation of a store's thread works with. */
export interface StoreContext {
  readonly sql: Sql;
  /** Server and user together. */
  readonly account: string;
  /** What stands for it in the addresses of media. */
  readonly tag: string;
  /** The id of the user whose store this is. */
  readonly me: string;
  /**
   * The messages in the search index: those from this row on. 0 when it has all of them, Infinity when there is no
   * index; until it has all, words are searched for row by row.
   */
  readonly index: { from: number };
  /** How far the server's clock is ahead of ours, in milliseconds. */
  readonly clock: { ahead: number };
  /** Who is online, as reported over this connection. Not stored: it is true only while the connection lives. */
  readonly presence: Map<string, boolean>;
  /** Statuses that arrived before their message. */
  readonly early: Map<string, ServerStatus>;
  /** Cached people, so that a thousand chats do not read the same row a thousand times. */
  readonly people: Map<string, PersonRow>;
  /** Records for the outbox's journal, written once the operation has been committed. */
  readonly journal: JournalLine[];
  readonly log: WorkerLog;
}

/** A person as stored. */
export interface PersonRow {
  id: string;
  username: string;
  firstName: string;
  lastName: string;
  bio: string;
  avatarUrl: string | null;
  lastSeenAt: number | null;
}
