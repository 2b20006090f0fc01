/** Migrates a database to this version's schema: numbered steps, each in one transaction with its version number. */
import type { Database } from '../storage/database.ts';
import { int } from '../storage/rows.ts';
import { initial } from './001-initial.ts';
import { chatOrder } from './002-chat-order.ts';
import { terms } from './003-terms.ts';
import { files } from './004-files.ts';

/** The steps in order; step n produces schema version n + 1. Released steps are never edited. */
const STEPS: readonly (string | ((database: Database) => void))[] = [initial, chatOrder, terms, files];

/** The schema version that this node reads and writes. */
export const SCHEMA_VERSION = STEPS.length;

/** The database was written by a newer node; no table was touched. */
export class NewerSchemaError extends Error {
  constructor(found: number) {
    super(
      `the data was written by a newer relay (schema ${found}, this one knows ${SCHEMA_VERSION}): update the relay`,
    );
    this.name = 'NewerSchemaError';
  }
}

/** The database contains another program's tables; no table was touched. */
export class ForeignDatabaseError extends Error {
  constructor() {
    super('it is a database of another program: move it away');
    this.name = 'ForeignDatabaseError';
  }
}

/** The version recorded in the database file; 0 for an empty one. */
export function schemaVersion(database: Database): number {
  const row = database.prepare('PRAGMA user_version').get();
  return row ? int(row, 'user_version') : 0;
}

/**
 * Runs the missing steps.
 * @returns the previous version.
 * @throws NewerSchemaError when the file is from a later version, ForeignDatabaseError when it is not a relay's.
 */
export function migrate(database: Database): number {
  const before = schemaVersion(database);
  if (before > SCHEMA_VERSION) throw new NewerSchemaError(before);
  if (before === 0 && database.prepare('SELECT 1 FROM sqlite_schema').get()) throw new ForeignDatabaseError();
  STEPS.forEach((step, index) => {
    if (index < before) return;
    database.exec('BEGIN IMMEDIATE');
    try {
      if (typeof step === 'string') database.exec(step);
      else step(database);
      database.exec(`PRAGMA user_version = ${index + 1}`);
      database.exec('COMMIT');
    } catch (error) {
      database.exec('ROLLBACK');
      throw error;
    }
  });
  return before;
}
