import type { DatabaseSync, SQLInputValue, SQLOutputValue, StatementSync } from 'node:sqlite';

/** A row as SQLite returns it. */
export type Row = Record<string, SQLOutputValue>;

/**
 * Node refuses to read an integer beyond 2^53: one that was stored earlier must not make its row unreadable forever.
 */
function isTooLargeToRead(error: unknown): boolean {
  return error instanceof RangeError && 'code' in error && error.code === 'ERR_OUT_OF_RANGE';
}

/** The row with its large numbers rounded to doubles; they are limited where they are shown. */
function rounded(row: Row): Row {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [name, typeof value === 'bigint' ? Number(value) : value]),
  );
}

/**
 * A thin layer over one connection: statements are prepared once and kept, rows have the type that the query's author
 * states, and nested transactions join the outer one.
 *
 * A limit is written `LIMIT 0 + ?`: SQLite looks at one that is a value alone when it plans, and compiles the kept
 * statement anew at each call. An offset is not looked at.
 */
export class Sql {
  readonly db: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  #depth = 0;

  constructor(db: DatabaseSync) {
    this.db = db;
  }

  #prepare(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (!statement) {
      statement = this.db.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }

  /** All rows. */
  all<T extends Row>(sql: string, ...values: SQLInputValue[]): T[] {
    return this.#read(this.#prepare(sql), (statement) => statement.all(...values)) as T[];
  }

  /** The first row, or undefined. */
  get<T extends Row>(sql: string, ...values: SQLInputValue[]): T | undefined {
    const rows = this.#read(this.#prepare(sql), (statement) => {
      const row = statement.get(...values);
      return row ? [row] : [];
    });
    return rows[0] as T | undefined;
  }

  #read(statement: StatementSync, read: (statement: StatementSync) => Row[]): Row[] {
    try {
      return read(statement);
    } catch (error) {
      if (!isTooLargeToRead(error)) throw error;
    }
    statement.setReadBigInts(true);
    try {
      return read(statement).map(rounded);
    } finally {
      statement.setReadBigInts(false);
    }
  }

  /** Runs a statement; returns the number of rows it changed. */
  run(sql: string, ...values: SQLInputValue[]): number {
    return Number(this.#prepare(sql).run(...values).changes);
  }

  /** Runs `work` in one transaction: all of it, or none. */
  transaction<T>(work: () => T): T {
    if (this.#depth > 0) return work();
    this.db.exec('BEGIN IMMEDIATE');
    this.#depth += 1;
    try {
      const result = work();
      this.db.exec('COMMIT');
      return result;
    } catch (error) {
      // A full disk ends the transaction by itself; a second rollback would hide the reason.
      if (this.db.isTransaction) this.db.exec('ROLLBACK');
      throw error;
    } finally {
      this.#depth -= 1;
    }
  }

  /** Inside a transaction: runs `work`, all of it or none, and rethrows its error. The transaction continues. */
  part(work: () => void): void {
    this.run('SAVEPOINT part');
    try {
      work();
    } catch (error) {
      if (this.db.isTransaction) this.run('ROLLBACK TO part');
      throw error;
    } finally {
      if (this.db.isTransaction) this.run('RELEASE part');
    }
  }

  /** Closes the connection. */
  close(): void {
    this.#statements.clear();
    this.db.close();
  }
}
