/** SQLite as the query builder and the shared queries need it. */
import {
  DummyDriver,
  Kysely,
  sql,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type CompiledQuery,
  type DatabaseConnection,
  type Driver,
  type LimitNode,
  type OffsetNode,
  type QueryResult,
} from 'kysely';
import type { SQLInputValue } from 'node:sqlite';
import type { Schema } from '../schema.ts';
import type { Dialect } from '../sql/dialect.ts';
import { prepare, type Outcome, type Session } from '../sql/statement.ts';
import type { Database } from './connection.ts';

function execute(database: Database, text: string, values: readonly unknown[]): Outcome {
  const statement = database.prepare(text);
  // The types of the statements allow nothing else.
  const inputs = values as readonly SQLInputValue[];
  return statement.isQuery
    ? { rows: statement.all(...inputs), changes: 0 }
    : { rows: [], changes: statement.run(...inputs) };
}

/** Runs statements on a connection: within the call, so the promise is settled when it is returned. */
export function sqliteSession(database: Database): Session {
  return { execute: async (query, values) => execute(database, query.sql, values) };
}

class Connection implements DatabaseConnection {
  readonly #database: Database;
  constructor(database: Database) {
    this.#database = database;
  }

  async executeQuery<R>({ sql: text, parameters }: CompiledQuery): Promise<QueryResult<R>> {
    const { rows, changes } = execute(this.#database, text, parameters);
    return { rows: rows as R[], numAffectedRows: BigInt(changes) };
  }

  async *streamQuery(): AsyncGenerator<never> {
    throw new Error('nothing is streamed from SQLite');
  }
}

/** Transactions are up to the write queue and the migrations, so none is begun here. */
class ConnectionDriver extends DummyDriver implements Driver {
  readonly #connection: Connection;
  constructor(database: Database) {
    super();
    this.#connection = new Connection(database);
  }

  override async acquireConnection(): Promise<DatabaseConnection> {
    return this.#connection;
  }

  override beginTransaction(): Promise<void> {
    return Promise.reject(new Error('transactions are not begun by the query builder here'));
  }
}

/**
 * A limit that is a value alone is looked at when SQLite plans, so a statement is compiled anew whenever it is given one:
 * ten times of what most of them take to run. A sum is not looked at.
 */
class QueryCompiler extends SqliteQueryCompiler {
  protected override visitLimit({ limit }: LimitNode): void {
    this.append('limit 0 + ');
    this.visitNode(limit);
  }

  protected override visitOffset({ offset }: OffsetNode): void {
    this.append('offset 0 + ');
    this.visitNode(offset);
  }
}

function builderWith(createDriver: () => Driver): Kysely<Schema> {
  return new Kysely<Schema>({
    dialect: {
      createAdapter: () => new SqliteAdapter(),
      createDriver,
      createIntrospector: (db) => new SqliteIntrospector(db),
      createQueryCompiler: () => new QueryCompiler(),
    },
  });
}

/** The query builder on a connection: for what is not worth preparing, such as the migrations. */
export function kyselyOn(database: Database): Kysely<Schema> {
  return builderWith(() => new ConnectionDriver(database));
}

const builder = builderWith(() => new DummyDriver());

/** Two statements: one that returns what it changed takes SQLite three times as long as both. */
const addNumbers = prepare((p: { userId: string; count: number }) =>
  builder
    .updateTable('users')
    .set((eb) => ({ seq: eb('seq', '+', p.count) }))
    .where('id', '=', p.userId),
);
const lastNumber = prepare((p: { userId: string }) =>
  builder.selectFrom('users').select('seq').where('id', '=', p.userId),
);

/** What is SQLite's own in the shared queries. */
export const sqliteDialect: Dialect = {
  builder,
  list: (values) => JSON.stringify(values),
  isAmong: (column, list) => sql`${sql.ref(column)} in (select value from json_each(${list}))`,
  contains: (column, text) => sql`instr(${sql.ref(column)}, ${text}) > 0`,
  // One writer: a write has everything to itself.
  lockChats: () => Promise.resolve(),
  async takeNumbers(session, userId, count) {
    await addNumbers.run(session, { userId, count });
    return (await lastNumber.first(session, { userId }))?.seq ?? null;
  },
  lockUser: () => Promise.resolve(),
  lockFiles: (_session, ids) => Promise.resolve(ids),
};
