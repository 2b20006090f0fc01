/** The rows of a test's relay, behind the node's back: whichever database it lives on. */
import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';
import { CompiledQuery, sql } from 'kysely';
import { databaseChoice } from './postgres/chosen.ts';
import { connectTo } from './postgres/relay-databases.ts';

export interface RelayRows {
  /** Runs a statement with `?` for its values. @returns how many rows it changed. */
  run(statement: string, ...values: (string | number)[]): Promise<number>;
  /** Every table's rows, as one text to compare. */
  dump(): Promise<string>;
  close(): Promise<void>;
}

function onSqlite(dataDir: string): RelayRows {
  const database = new DatabaseSync(join(dataDir, 'relay.db'), { timeout: 5000 });
  const tables = database.prepare(`SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name`).all();
  const dumps = tables.map(({ name }) => database.prepare(`SELECT * FROM "${String(name)}"`));
  return {
    run: async (statement, ...values) => Number(database.prepare(statement).run(...values).changes),
    dump: async () => JSON.stringify(dumps.map((dump) => dump.all())),
    close: async () => database.close(),
  };
}

async function onPostgres(dataDir: string): Promise<RelayRows> {
  const { db, close } = await connectTo(dataDir);
  const { rows: tables } = await sql<{ name: string }>`
    select tablename as name from pg_tables where schemaname = current_schema() order by 1`.execute(db);
  const dumpOf = async (name: string): Promise<string[]> => {
    const { rows } = await sql<object>`select * from ${sql.table(name)}`.execute(db);
    return rows.map((row) => JSON.stringify(row)).toSorted();
  };
  return {
    async run(statement, ...values) {
      let number = 0;
      const text = statement.replaceAll('?', () => `$${(number += 1)}`);
      return Number((await db.executeQuery(CompiledQuery.raw(text, values))).numAffectedRows);
    },
    async dump() {
      const dumps: string[][] = [];
      for (const { name } of tables) dumps.push(await dumpOf(name));
      return JSON.stringify(dumps);
    },
    close,
  };
}

/** Opens the database of a relay's data folder; to be closed by the caller. */
export async function openRows(dataDir: string): Promise<RelayRows> {
  return databaseChoice() === 'sqlite' ? onSqlite(dataDir) : onPostgres(dataDir);
}
