/** A schema of its own on a PostgreSQL database, so that tests share what takes long to start. */
import { Kysely, PGliteDialect, sql } from 'kysely';
import { connectPostgres } from '../../../relay/repositories/postgres/connection.ts';
import type { Schema } from '../../../relay/repositories/schema.ts';
import { openPglite } from './pglite.ts';
import { serverUrl } from './server.ts';

let schemas = 0;
/** One that no other test has, nor another process on the same server. */
const newName = (): string => `test_${process.pid}_${(schemas += 1)}`;

function fail(error: unknown): void {
  throw error;
}

/** The address of a new, empty schema on the server. */
export async function newSchemaUrl(): Promise<string> {
  const url = new URL(await serverUrl());
  const name = newName();
  const admin = connectPostgres(url.href, fail);
  await sql.raw(`create schema ${name}`).execute(admin);
  await admin.destroy();
  url.searchParams.set('options', `-c search_path=${name}`);
  return url.href;
}

/** Connections to a new, empty schema on the server; to be destroyed by the caller. */
export async function connectToServer(): Promise<Kysely<Schema>> {
  return connectPostgres(await newSchemaUrl(), fail);
}

/** A database inside of this process, empty; it ends when it is destroyed. */
export async function connectToPglite(): Promise<Kysely<Schema>> {
  return new Kysely<Schema>({ dialect: new PGliteDialect({ pglite: await openPglite() }) });
}
