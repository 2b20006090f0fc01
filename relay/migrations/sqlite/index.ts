/**
 * Migrates a SQLite file to this version's schema: all missing steps in one transaction, or none of them.
 *
 * The steps that a file has are counted in its `user_version`, which every version of the node has written and reads
 * before anything else, and listed in the migrator's own table, which is made from it for files of versions that had
 * none.
 */
import { Migrator } from 'kysely/migration';
import type { Database } from '../../repositories/sqlite/connection.ts';
import { kyselyOn } from '../../repositories/sqlite/dialect.ts';
import { initial } from './001-initial.ts';
import { chatOrder } from './002-chat-order.ts';
import { terms } from './003-terms.ts';
import { files } from './004-files.ts';
import { growth } from './005-growth.ts';
import { calls } from './006-calls.ts';
import { administration } from './007-administration.ts';
import { reactionTotals } from './008-reaction-totals.ts';
import { ForeignDatabaseError, NewerSchemaError, providerOf, type Step } from '../steps.ts';

const STEPS = {
  '001-initial': initial,
  '002-chat-order': chatOrder,
  '003-terms': terms,
  '004-files': files,
  '005-growth': growth,
  '006-calls': calls,
  '007-administration': administration,
  '008-reaction-totals': reactionTotals,
} as const satisfies Readonly<Record<string, Step>>;

/** The schema version that this node reads and writes: the number of steps. */
export const SCHEMA_VERSION = Object.keys(STEPS).length;

/** The version recorded in the database file; 0 for an empty one. */
export function schemaVersion(database: Database): number {
  return Number(database.prepare('PRAGMA user_version').get()?.user_version ?? 0);
}

/** Lists the steps of a file that was written before there was a list. */
function takeOver(database: Database, version: number): void {
  database.exec(
    `CREATE TABLE IF NOT EXISTS kysely_migration (name varchar(255) NOT NULL PRIMARY KEY, timestamp varchar(255) NOT NULL)`,
  );
  const insert = database.prepare('INSERT OR IGNORE INTO kysely_migration (name, timestamp) VALUES (?, ?)');
  const now = new Date().toISOString();
  for (const name of Object.keys(STEPS).slice(0, version)) insert.run(name, now);
}

async function runSteps(database: Database): Promise<void> {
  const migrator = new Migrator({ db: kyselyOn(database), provider: providerOf(STEPS) });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) throw error instanceof Error ? error : new Error('a migration failed', { cause: error });
}

/**
 * Runs the missing steps.
 * @returns the previous version.
 * @throws NewerSchemaError when the file is from a later version, ForeignDatabaseError when it is not a relay's; and
 *   whatever a step throws. The file is as it was then.
 */
export async function migrate(database: Database): Promise<number> {
  const before = schemaVersion(database);
  if (before > SCHEMA_VERSION) throw new NewerSchemaError(before, SCHEMA_VERSION);
  if (before === 0 && database.prepare('SELECT 1 FROM sqlite_schema').get()) throw new ForeignDatabaseError();
  database.exec('BEGIN IMMEDIATE');
  try {
    takeOver(database, before);
    await runSteps(database);
    database.exec(`PRAGMA user_version = ${SCHEMA_VERSION}`);
    database.exec('COMMIT');
  } catch (error) {
    // On a full disk SQLite has rolled back by itself.
    if (database.inTransaction) database.exec('ROLLBACK');
    throw error;
  }
  return before;
}
