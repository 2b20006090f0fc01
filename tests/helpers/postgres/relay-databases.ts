/**
 * The databases of a run's relays where those live on PostgreSQL: one for each data folder, so that a node that is started
 * again on its folder finds what it had.
 */
import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import { Kysely, PGliteDialect, sql } from 'kysely';
import type { RelayOptions } from '../../../relay/options.ts';
import { connectPostgres } from '../../../relay/repositories/postgres/connection.ts';
import type { Schema } from '../../../relay/repositories/schema.ts';
import { storageOn } from '../../../relay/storage/postgres.ts';
import { databaseChoice } from './chosen.ts';
import { openPglite } from './pglite.ts';

type Connections = Kysely<Schema>;

/** The address of another database on a server. */
export function databaseAt(url: string, name: string): string {
  const other = new URL(url);
  other.pathname = `/${name}`;
  return other.href;
}

function fail(error: unknown): void {
  throw error;
}

/** What the set-up of the run has made. */
function server(): { url: string; template: string } {
  const { RELAY_TEST_POSTGRES: url, RELAY_TEST_TEMPLATE: template } = process.env;
  if (!url || !template) throw new Error('RELAY_TEST_DATABASE=postgres needs the set-up of a vitest run');
  return { url, template };
}

const nameFor = (template: string, dataDir: string): string =>
  `${template}_${createHash('sha256').update(resolve(dataDir)).digest('hex').slice(0, 20)}`;

async function onServer<T>(work: (db: Connections, template: string) => Promise<T>): Promise<T> {
  const { url, template } = server();
  const db = connectPostgres(url, fail);
  try {
    return await work(db, template);
  } finally {
    await db.destroy();
  }
}

function urlFor(dataDir: string): Promise<string> {
  return onServer(async (db, template) => {
    const name = nameFor(template, dataDir);
    const { rows } = await sql`select from pg_database where datname = ${name}`.execute(db);
    if (rows.length === 0) await sql.raw(`create database ${name} template ${template}`).execute(db);
    return databaseAt(server().url, name);
  });
}

/** PGlite lives as long as this process: so it outlives the node that is on it. */
const inProcess = new Map<string, Promise<Connections>>();

function pgliteFor(dataDir: string): Promise<Connections> {
  const path = resolve(dataDir);
  const opened =
    inProcess.get(path) ??
    openPglite().then((pglite) => new Kysely<Schema>({ dialect: new PGliteDialect({ pglite }) }));
  inProcess.set(path, opened);
  return opened;
}

/** The options that put the node of a data folder on the database of this run; none where that is SQLite. */
export async function databaseFor(dataDir: string): Promise<Pick<RelayOptions, 'databaseUrl' | 'openStorage'>> {
  const choice = databaseChoice();
  if (choice === 'sqlite') return {};
  if (choice === 'postgres') return { databaseUrl: await urlFor(dataDir) };
  const db = await pgliteFor(dataDir);
  return {
    openStorage: async (retention, hooks) => ({ ...(await storageOn(db, retention, hooks)), close: async () => {} }),
  };
}

/** The same for a node in a process of its own: variables. PGlite cannot be shared, so those stay on SQLite there. */
export async function databaseVariables(dataDir: string): Promise<Record<string, string>> {
  return databaseChoice() === 'postgres' ? { RELAY_DATABASE_URL: await urlFor(dataDir) } : {};
}

/** Connections to the database of a data folder: to look at it, or to change it, behind the node's back. */
export async function connectTo(dataDir: string): Promise<{ db: Connections; close: () => Promise<void> }> {
  if (databaseChoice() === 'pglite') return { db: await pgliteFor(dataDir), close: async () => {} };
  const db = connectPostgres(await urlFor(dataDir), fail);
  return { db, close: () => db.destroy() };
}

/** Removes what `databaseFor` has made for a folder. */
export async function dropDatabase(dataDir: string): Promise<void> {
  const choice = databaseChoice();
  if (choice === 'pglite') {
    const path = resolve(dataDir);
    await (await inProcess.get(path))?.destroy();
    inProcess.delete(path);
  }
  if (choice === 'postgres') {
    await onServer((db, template) =>
      sql.raw(`drop database if exists ${nameFor(template, dataDir)} with (force)`).execute(db),
    );
  }
}
