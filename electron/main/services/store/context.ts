import type { ServerStatus } from '#contract/model/send-state.ts';
import type { WorkerLog } from './protocol.ts';
import type { JournalLine } from './recovery/journal.ts';
import type { Sql } from './sql.ts';

/** What every operation of the writing thread works with. */
export interface StoreContext {
  readonly sql: Sql;
  /** Server and user together. */
  readonly account: string;
  /** The id of the person whose store this is. */
  readonly me: string;
  /**
   * The messages that the search index holds: those from this row on. 0 when it holds all of them, Infinity when there is
   * none; until it holds all, words are sought row by row.
   */
  readonly index: { from: number };
  /** How far the server's clock is ahead of ours, in milliseconds. */
  readonly clock: { ahead: number };
  /** Who is online, as far as this connection was told. Not stored: it is true only while the connection lives. */
  readonly presence: Map<string, boolean>;
  /** Statuses that came before their message did. */
  readonly early: Map<string, ServerStatus>;
  /** Views of people, so that a thousand chats do not read the same row a thousand times. */
  readonly people: Map<string, PersonRow>;
  /** Lines for the outbox's journal, written once the operation has been committed. */
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
  lastSeenAt: number | null;
}
