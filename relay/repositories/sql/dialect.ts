/** What the queries need to know of the database they are for: little, since most of their SQL is the same. */
import type { Expression, Kysely, SqlBool } from 'kysely';
import type { ReactionRow } from '../../records.ts';
import type { Totals } from '../ports.ts';
import type { Schema } from '../schema.ts';
import type { Session } from './statement.ts';

/** A list as the database takes it. */
export type List = string | readonly string[];

/**
 * Notes that so many rows made at `at` (milliseconds) came, or went: for the totals, and for those of that hour.
 * @param reaction the row, if it is one: those are counted by emoji, too.
 */
export type Tally = (name: keyof Totals, change: number, at: number, reaction?: CountedReaction) => void;

/** What a reaction is counted by. */
export type CountedReaction = Pick<ReactionRow, 'id' | 'emoji'>;

export interface Dialect {
  /** Builds and compiles queries; never used to run them. */
  builder: Kysely<Schema>;
  /** A list as one value of a statement, for `isAmong`. */
  list: (values: readonly string[]) => List;
  /** Whether a column has one of the values of a list. */
  isAmong: (column: string, list: List) => Expression<SqlBool>;
  /** Whether a column has a text somewhere in it. */
  contains: (column: string, text: string) => Expression<SqlBool>;
  /** See `Chats.lock`. */
  lockChats: (session: Session, ids: readonly string[]) => Promise<void>;
  /** Takes so many numbers for a user's events, and keeps their counter to this write. @returns the last; null for nobody. */
  takeNumbers: (session: Session, userId: string, count: number) => Promise<number | null>;
  /** See `Files.lock`. */
  lockUser: (session: Session, id: string) => Promise<void>;
  /** Keeps these files to this write until it ends. @returns those that nobody else has. */
  lockFiles: (session: Session, ids: readonly string[]) => Promise<readonly string[]>;
}
