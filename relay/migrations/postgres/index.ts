/**
 * Migrates a PostgreSQL database to this version's schema: all missing steps in one transaction, or none of them. Of
 * several nodes that start at once, one runs them and the others wait.
 */
import { sql, type Kysely } from 'kysely';
import { DEFAULT_MIGRATION_TABLE, Migrator } from 'kysely/migration';
import type { Schema } from '../../repositories/schema.ts';
import { NewerSchemaError, providerOf, type Step } from '../steps.ts';
import { initial } from './001-initial.ts';
import { files } from './002-files.ts';
import { calls } from './003-calls.ts';
import { administration } from './004-administration.ts';
import { reactionTotals } from './005-reaction-totals.ts';

const STEPS = {
  '001-initial': initial,
  '002-files': files,
  '003-calls': calls,
  '004-administration': administration,
  '005-reaction-totals': reactionTotals,
} as const satisfies Readonly<Record<string, Step>>;

/** The schema that the connections use: the first of their search path. */
async function currentSchema(db: Kysely<Schema>): Promise<string> {
  const { rows } = await sql<{ name: string | null }>`select current_schema() as name`.execute(db);
  const name = rows[0]?.name ?? null;
  if (name === null) throw new Error('its search path names no schema');
  return name;
}

/** The steps that a database lists as done; none before the first start. */
async function stepsOf(db: Kysely<Schema>): Promise<string[]> {
  const table = sql.table(DEFAULT_MIGRATION_TABLE);
  const known = await sql<{
    name: string | null;
  }>`select to_regclass(${DEFAULT_MIGRATION_TABLE})::text as name`.execute(db);
  if ((known.rows[0]?.name ?? null) === null) return [];
  const { rows } = await sql<{ name: string }>`select name from ${table}`.execute(db);
  return rows.map(({ name }) => name);
}

/**
 * Runs the missing steps.
 * @throws NewerSchemaError when a later version has been there, and whatever a step throws. The tables are as they were
 *   then.
 */
export async function migratePostgres(db: Kysely<Schema>): Promise<void> {
  const names = Object.keys(STEPS);
  const unknown = (await stepsOf(db)).find((name) => !names.includes(name));
  if (unknown !== undefined) throw new NewerSchemaError(unknown, names.length);
  const migrationTableSchema = await currentSchema(db);
  const migrator = new Migrator({ db, provider: providerOf(STEPS), migrationTableSchema });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) throw error instanceof Error ? error : new Error('a migration failed', { cause: error });
}
