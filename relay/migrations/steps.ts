/** The numbered steps of a schema, as kysely's migrator takes them. */
import { sql, type Kysely } from 'kysely';
import type { Migration, MigrationProvider } from 'kysely/migration';
import type { Schema } from '../repositories/schema.ts';

/** A step: a script of statements, or code. Released steps are never edited. */
export type Step = string | ((db: Kysely<Schema>) => Promise<void>);

/** The database was written by a newer node; no table was touched. */
export class NewerSchemaError extends Error {
  constructor(found: number | string, known: number) {
    super(`the data was written by a newer relay (schema ${found}, this one knows ${known}): update the relay`);
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

/** A script's statements; each ends its line with a semicolon. */
function statementsOf(script: string): string[] {
  return script.split(/;[ \t]*$/mu).filter((statement) => statement.trim() !== '');
}

/** Runs a script statement by statement. */
export async function runScript(db: Kysely<Schema>, script: string): Promise<void> {
  for (const statement of statementsOf(script)) await sql.raw(statement).execute(db);
}

function migrationOf(step: Step): Migration {
  return {
    up: (db: Kysely<Schema>) => (typeof step === 'string' ? runScript(db, step) : step(db)),
  };
}

/** @param steps by their names, which begin with their numbers. */
export function providerOf(steps: Readonly<Record<string, Step>>): MigrationProvider {
  const migrations = Object.fromEntries(Object.entries(steps).map(([name, step]) => [name, migrationOf(step)]));
  return { getMigrations: () => Promise.resolve(migrations) };
}
