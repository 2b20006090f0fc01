/**
 * The epoch of a PostgreSQL database, shared by all nodes on it: a random name for one continuous history of the data, and
 * the identity of the database that it was given in. A database that was restored has another identity (another cluster,
 * another timeline after a recovery, or tables that were made or filled anew), and begins a new epoch: every client reloads
 * everything. A false positive costs a reload; a false negative would hide messages.
 */
import { sql, type Kysely } from 'kysely';
import { newId } from '../../ids.ts';
import type { Schema } from '../schema.ts';

async function identityOf(db: Kysely<Schema>): Promise<string> {
  const { rows } = await sql<{ identity: string }>`
    select concat_ws('/', (select system_identifier from pg_control_system()), d.oid,
      left(pg_walfile_name(pg_current_wal_lsn()), 8), 'meta'::regclass::oid, pg_relation_filenode('meta'))
      as identity
    from pg_database d where d.datname = current_database()`.execute(db);
  const [row] = rows;
  if (!row) throw new Error('the database has no identity');
  return row.identity;
}

/** Reads the epoch, or begins a new one. Several nodes that start at once agree on it. */
export function readEpoch(db: Kysely<Schema>): Promise<string> {
  return db.transaction().execute(async (transaction) => {
    await sql`lock table meta in share row exclusive mode`.execute(transaction);
    const rows = await transaction
      .selectFrom('meta')
      .select(['name', 'value'])
      .where('name', 'in', ['epoch', 'identity'])
      .execute();
    const stored = new Map(rows.map(({ name, value }) => [name, value]));
    const identity = await identityOf(transaction);
    const known = stored.get('epoch');
    if (known !== undefined && stored.get('identity') === identity) return known;
    const epoch = newId();
    await transaction
      .insertInto('meta')
      .values([
        { name: 'epoch', value: epoch },
        { name: 'identity', value: identity },
      ])
      .onConflict((conflict) => conflict.column('name').doUpdateSet((eb) => ({ value: eb.ref('excluded.value') })))
      .execute();
    return epoch;
  });
}
