/** Set-up of a whole vitest run: says which database its relays live on, and gives them one server where that is PostgreSQL. */
import { sql } from 'kysely';
import { migratePostgres } from '../../../relay/migrations/postgres/index.ts';
import { connectPostgres } from '../../../relay/repositories/postgres/connection.ts';
import { databaseChoice } from './chosen.ts';
import { databaseAt } from './relay-databases.ts';
import { missingServer, serverUrl, stopServer } from './server.ts';

function fail(error: unknown): void {
  throw error;
}

/** Makes the database that all others are copied from: to run the migrations for each takes longer than a copy. */
async function makeTemplate(url: string, name: string): Promise<void> {
  const server = connectPostgres(url, fail);
  await sql.raw(`create database ${name}`).execute(server);
  await server.destroy();
  const template = connectPostgres(databaseAt(url, name), fail);
  await migratePostgres(template);
  await template.destroy();
}

/** Drops the template and its copies: the server may be one that stays. */
async function dropCopies(url: string, template: string): Promise<void> {
  const server = connectPostgres(url, fail);
  const { rows } = await sql<{ name: string }>`
    select datname as name from pg_database where starts_with(datname, ${template})`.execute(server);
  for (const { name } of rows) await sql.raw(`drop database ${name} with (force)`).execute(server);
  await server.destroy();
}

let end: (() => Promise<void>) | null = null;

/** Called by vitest once per project; the first call counts. */
export async function setup(): Promise<void> {
  const choice = databaseChoice();
  if (choice === 'sqlite' || process.env.RELAY_TEST_SET_UP) return;
  process.env.RELAY_TEST_SET_UP = '1';
  if (choice === 'pglite') {
    console.info('the relays of this run live on PGlite, those in processes of their own on SQLite');
    return;
  }
  const missing = missingServer();
  if (missing !== null) throw new Error(`RELAY_TEST_DATABASE=postgres: ${missing}`);
  const url = await serverUrl();
  const template = `relay_test_${process.pid}`;
  end = async () => {
    await dropCopies(url, template);
    await stopServer();
  };
  await makeTemplate(url, template);
  // The processes of the tests inherit both.
  process.env.RELAY_TEST_POSTGRES = url;
  process.env.RELAY_TEST_TEMPLATE = template;
  console.info('the relays of this run live on PostgreSQL');
}

/** Called by vitest when the run has ended. */
export async function teardown(): Promise<void> {
  await end?.();
}
