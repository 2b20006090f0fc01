/** The databases that the relay's tests run on. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate } from '../../../relay/migrations/sqlite.ts';
import type { Reads, WriteQueue } from '../../../relay/repositories/ports.ts';
import type { Retention } from '../../../relay/repositories/sql/events.ts';
import { openDatabase } from '../../../relay/repositories/sqlite/connection.ts';
import { repositoriesOn } from '../../../relay/storage/open.ts';

export interface DatabaseHooks {
  onEffectError: (error: unknown) => void;
  onCommit: (commits: number) => void;
}

/** An empty database of this version's schema, of a test's own. */
export interface TestDatabase {
  reads: Reads;
  queue: WriteQueue & {
    drain(): Promise<void>;
    /** Writes, or groups of writes, that were committed. */
    readonly commits: number;
  };
  /** Changes what the repositories would not: one statement. */
  run(sql: string): Promise<void>;
  /** From now on, or no more, the storage takes no changes. */
  refuseWrites(refused: boolean): Promise<void>;
  close(): Promise<void>;
}

export interface Adapter {
  name: string;
  open(retention: Retention, hooks: DatabaseHooks): Promise<TestDatabase>;
}

const sqlite: Adapter = {
  name: 'SQLite',
  async open(retention, hooks) {
    const folder = mkdtempSync(join(tmpdir(), 'relay-core-'));
    const path = join(folder, 'relay.db');
    const database = openDatabase(path);
    await migrate(database);
    const { reads, queue, close } = repositoriesOn(database, path, retention, hooks);
    return {
      reads,
      queue,
      run: async (sql) => database.exec(sql),
      refuseWrites: async (refused) => database.exec(`PRAGMA query_only = ${refused ? 'ON' : 'OFF'}`),
      async close() {
        close();
        rmSync(folder, { recursive: true, force: true });
      },
    };
  },
};

/** Every database that is there, for `describe.each`. */
export const ADAPTERS: readonly Adapter[] = [sqlite];
