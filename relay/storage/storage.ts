/** An open database, whichever it is. */
import type { Reads } from '../repositories/ports.ts';
import type { Retention } from '../repositories/sql/events.ts';
import type { DrainableQueue } from '../repositories/sql/repositories.ts';

export interface Storage {
  reads: Reads;
  queue: DrainableQueue;
  /** Names one continuous history of the data; a restored database has another one. */
  epoch: string;
  /** Size on disk in bytes. */
  bytes: () => Promise<number>;
  /** Releases everything; the queue must be drained. */
  close: () => Promise<void>;
}

/** What storage reports while it is open. */
export interface StorageHooks {
  onEffectError: (error: unknown) => void;
  /** Called after each commit. */
  onCommit: () => void;
  /** Called with failures that cost nothing now and are tried again. */
  onWarning: (error: unknown, message: string) => void;
}

/** Opens a database. @throws StartError with a one-line message. */
export type OpenStorage = (retention: Retention, hooks: StorageHooks) => Promise<Storage>;
