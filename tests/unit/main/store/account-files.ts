/** An account's files in a folder of the test's own, opened the way the store's thread opens them. */
import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { ReaderOperations, WriterOperations } from '../../../../electron/main/services/store/operations.ts';
import type { WorkerReply, WorkerSetup } from '../../../../electron/main/services/store/protocol.ts';
import { DATABASE_NAME, startThread, type Thread } from '../../../../electron/main/services/store/thread.ts';
import { ME, NOW } from './open-store.ts';

type Operations = WriterOperations & ReaderOperations;
type Input<K extends keyof Operations> = Parameters<Operations[K]>[0];
type Output<K extends keyof Operations> = ReturnType<Operations[K]>;

/** Asks a thread as main does; a failed operation throws. */
export function ask<K extends keyof Operations>(thread: Thread, name: K, input: Input<K>): Output<K> {
  const reply: WorkerReply = thread.answer({ id: 1, name, input });
  if (reply.kind === 'value') return reply.value as Output<K>;
  throw new Error(reply.kind === 'error' ? reply.message : reply.kind);
}

/** The folder and the threads that were started on it. */
export class AccountFiles {
  readonly folder = mkdtempSync(join(tmpdir(), 'relay-files-'));
  readonly database = join(this.folder, DATABASE_NAME);
  readonly journal = join(this.folder, 'outbox.journal');
  readonly logged: string[] = [];
  readonly #open = new Set<Thread>();

  /** @param like files to begin with, as they lie on the disk at this moment. */
  constructor(like?: AccountFiles) {
    if (like) cpSync(like.folder, this.folder, { recursive: true });
  }

  start(more: Partial<WorkerSetup> = {}): Thread {
    const setup: WorkerSetup = {
      role: 'writer',
      folder: this.folder,
      account: 'account',
      me: ME,
      useFts: true,
      setAside: false,
      now: NOW,
      ...more,
    };
    const thread = startThread(setup, (_level, event) => void this.logged.push(event));
    this.#open.add(thread);
    return thread;
  }

  /** Ends a thread as the program's end does. */
  end(thread: Thread): void {
    if (this.#open.delete(thread)) thread.close();
  }

  /** Looks into the database, or changes it, beside the store. */
  sql<T>(work: (db: DatabaseSync) => T, path = this.database): T {
    const db = new DatabaseSync(path);
    try {
      return work(db);
    } finally {
      db.close();
    }
  }

  /** The main files that were set aside, oldest first. */
  setAside(): string[] {
    return readdirSync(this.folder)
      .filter((name) => name.startsWith(`${DATABASE_NAME}.damaged-`) && !/-(wal|shm)$/.test(name))
      .sort()
      .map((name) => join(this.folder, name));
  }

  remove(): void {
    for (const thread of this.#open) this.end(thread);
    rmSync(this.folder, { recursive: true, force: true });
  }
}
