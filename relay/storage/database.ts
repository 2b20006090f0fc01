/** The node's only SQLite connection: write-ahead log, and every commit is on disk before anyone is notified. */
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import type { Row } from './rows.ts';

/** A prepared statement; positional parameters only. */
interface Statement {
  get(...parameters: SQLInputValue[]): Row | undefined;
  all(...parameters: SQLInputValue[]): Row[];
  /** @returns the number of changed rows. */
  run(...parameters: SQLInputValue[]): number;
}

export interface Database {
  /** Prepares each text once and keeps the statement for the lifetime of the connection. */
  prepare(sql: string): Statement;
  /** Constant SQL without values: schema, pragmas, transactions. */
  exec(sql: string): void;
  readonly inTransaction: boolean;
  close(): void;
}

function wrap(statement: StatementSync): Statement {
  return {
    get: (...parameters) => statement.get(...parameters),
    all: (...parameters) => statement.all(...parameters),
    run: (...parameters) => Number(statement.run(...parameters).changes),
  };
}

/** Opens or creates the database file. The schema is up to the migrations. */
export function openDatabase(path: string): Database {
  const connection = new DatabaseSync(path, { timeout: 5000, enableForeignKeyConstraints: true });
  connection.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA trusted_schema = OFF;');
  const prepared = new Map<string, Statement>();
  return {
    prepare(sql) {
      const known = prepared.get(sql);
      if (known) return known;
      const statement = wrap(connection.prepare(sql));
      prepared.set(sql, statement);
      return statement;
    },
    exec: (sql) => connection.exec(sql),
    get inTransaction() {
      return connection.isTransaction;
    },
    close() {
      prepared.clear();
      connection.close();
    },
  };
}
