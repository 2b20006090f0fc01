/**
 * Connections to a SQLite file: one that writes, in write-ahead mode, whose every commit is on disk before anyone is
 * notified; and one that only reads, and sees what was committed.
 */
import { DatabaseSync, type SQLInputValue, type SQLOutputValue, type StatementSync } from 'node:sqlite';

type Row = Record<string, SQLOutputValue>;

/** A prepared statement; positional parameters only. */
interface Statement {
  get(...parameters: SQLInputValue[]): Row | undefined;
  all(...parameters: SQLInputValue[]): Row[];
  /** @returns the number of changed rows. */
  run(...parameters: SQLInputValue[]): number;
  /** Whether it returns rows. */
  readonly isQuery: boolean;
}

export interface Database {
  /** Prepares each text once and keeps the statement for the lifetime of the connection. */
  prepare(sql: string): Statement;
  /** Constant SQL without values: schema, pragmas, transactions. */
  exec(sql: string): void;
  readonly inTransaction: boolean;
  close(): void;
}

/** Milliseconds to wait for another program that locks the file. */
const BUSY_MS = 5000;

function wrap(statement: StatementSync): Statement {
  return {
    get: (...parameters) => statement.get(...parameters),
    all: (...parameters) => statement.all(...parameters),
    run: (...parameters) => Number(statement.run(...parameters).changes),
    isQuery: statement.columns().length > 0,
  };
}

function connect(path: string, readOnly: boolean, pragmas: string): Database {
  const connection = new DatabaseSync(path, { timeout: BUSY_MS, enableForeignKeyConstraints: true, readOnly });
  try {
    connection.exec(pragmas);
  } catch (error) {
    connection.close();
    throw error;
  }
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

/**
 * Pages of the log after which what is in it is copied into the database: 16 MiB. The same pages change again and again,
 * and are copied once for all that changed in them, so four times SQLite's own number is a quarter of the copies.
 */
const CHECKPOINT_PAGES = 4000;

/** Opens or creates the database file, for writing. The schema is up to the migrations. */
export function openDatabase(path: string): Database {
  const log = `PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES};`;
  return connect(path, false, `${log} PRAGMA trusted_schema = OFF;`);
}

/** Opens a file that exists for reading alone: it sees nothing of a transaction before its commit. */
export function openReader(path: string): Database {
  return connect(path, true, 'PRAGMA query_only = ON; PRAGMA trusted_schema = OFF;');
}
