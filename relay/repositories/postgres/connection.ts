/** Connections to a PostgreSQL server. */
import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import type { Schema } from '../schema.ts';

/** Writes and reads at once per node; more wait for their turn. */
const CONNECTIONS = 20;
/** Milliseconds for the server to accept a connection. */
const CONNECT_MS = 5000;
/**
 * Milliseconds after which the server gives up a statement, a wait for a row, and a transaction whose node says nothing
 * more: a node that hangs must not hold up what others write to the same people.
 */
const TIMEOUTS = { statement_timeout: 30_000, lock_timeout: 10_000, idle_in_transaction_session_timeout: 10_000 };

const { INT8, NUMERIC } = pg.types.builtins;
/** Counters and times are far below 2^53, so they are numbers; `pg` hands them on as text. */
const types: pg.CustomTypesConfig = {
  getTypeParser: (oid, format) =>
    oid === INT8 || oid === NUMERIC ? Number : (pg.types.getTypeParser(oid, format) as (value: string) => unknown),
};

/** Where a database is, without its user and password: for messages. */
export function placeOf(url: string): string {
  const { hostname, port, pathname } = new URL(url);
  return `${hostname}${port === '' ? '' : `:${port}`}${pathname}`;
}

/**
 * A pool of connections; none is opened before the first query.
 * @param url `postgres://user:password@host:port/database`, with `?sslmode=` as libpq has it.
 * @param onError called when a connection breaks that was not in use; the pool replaces it.
 */
export function connectPostgres(url: string, onError: (error: unknown) => void): Kysely<Schema> {
  const pool = new pg.Pool({
    connectionString: url,
    max: CONNECTIONS,
    connectionTimeoutMillis: CONNECT_MS,
    application_name: 'relay',
    types,
    ...TIMEOUTS,
  });
  pool.on('error', onError);
  return new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) });
}
