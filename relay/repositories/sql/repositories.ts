/** All repositories of a database, for reading and for the writes. */
import type { Reads, Repositories, WriteQueue } from '../ports.ts';
import { activityOn } from './activity.ts';
import { auditOn } from './audit.ts';
import { callsOn } from './calls.ts';
import { createChanges, type Changes } from './changes.ts';
import { chatsOn } from './chats.ts';
import type { Dialect } from './dialect.ts';
import { eventsOn, type Retention } from './events.ts';
import { filesOn } from './files.ts';
import { hoursOn } from './hours.ts';
import { messagesOn } from './messages.ts';
import { reactionsOn } from './reactions.ts';
import type { Session } from './statement.ts';
import { prepareTables } from './tables.ts';
import { totalsOn } from './totals.ts';
import { tracksOn } from './tracks.ts';
import { uploadSessionsOn } from './upload-sessions.ts';
import { usersOn } from './users.ts';

/** One write's repositories. */
export interface WriteScope {
  repositories: Repositories;
  /** Stores what was collected during the write; its last step. */
  complete: () => Promise<void>;
  /** By how much the totals change if it is committed. */
  changes: Changes;
}

export interface WriteQueueHooks {
  onEffectError: (error: unknown) => void;
  /** Called after each commit with the number of commits so far. */
  onCommit: (commits: number) => void;
}

/** A queue that can be waited for. */
export interface DrainableQueue extends WriteQueue {
  /** Resolves when everything queued so far has been committed or refused and its effects have run. */
  drain(): Promise<void>;
  /** Number of transactions that changed something: since the database was created if it counts them, or since the start. */
  readonly commits: number;
}

export interface RepositoryFactory {
  reads: (session: Session) => Reads;
  write: (session: Session) => WriteScope;
}

/** Prepares every statement once, for as many sessions and writes as there will be. */
export function createRepositories(dialect: Dialect, retention: Retention): RepositoryFactory {
  const events = eventsOn(dialect, retention);
  const tables = prepareTables({
    users: usersOn(dialect),
    chats: chatsOn(dialect),
    messages: messagesOn(dialect),
    reactions: reactionsOn(dialect),
    files: filesOn(dialect),
    uploadSessions: uploadSessionsOn(dialect),
    tracks: tracksOn(dialect),
    calls: callsOn(dialect),
    totals: totalsOn(dialect),
    hours: hoursOn(dialect),
    activity: activityOn(dialect),
    audit: auditOn(dialect),
  });
  return {
    // What only reads changes no totals.
    reads: (session) => tables(session, () => undefined, events.reads(session)),
    write(session) {
      const changes = createChanges();
      const { repository, complete } = events.write(session);
      return { repositories: tables(session, changes.tally, repository), complete, changes };
    },
  };
}
