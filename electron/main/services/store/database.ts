/** Opens the account's database: pragmas, migrations, the search index. */
import { DatabaseSync } from 'node:sqlite';
import { foldedWords } from '#contract/model/search-text.ts';
import { MIGRATIONS } from './migrations.ts';
import { readMeta, writeMeta } from './meta.ts';
import type { WorkerLog } from './protocol.ts';
import { indexedFrom, openIndex } from './search-index.ts';
import { Sql } from './sql.ts';

/** The database belongs to another program, a newer version of this one, or another account: it is left as it is. */
export class ForeignDatabase extends Error {
  override readonly name = 'ForeignDatabase';
}

/** Brings the tables up to date, each step in its own transaction. */
export function migrate(sql: Sql, steps: readonly string[] = MIGRATIONS): void {
  const version = sql.get<{ user_version: number }>('PRAGMA user_version')?.user_version ?? 0;
  if (version > steps.length) throw new ForeignDatabase(`schema ${version} is newer than ${steps.length}`);
  // Some steps fold names.
  registerFold(sql.db);
  for (let next = version; next < steps.length; next += 1) {
    sql.transaction(() => {
      sql.db.exec(steps[next] ?? '');
      sql.db.exec(`PRAGMA user_version = ${next + 1}`);
    });
  }
}

/** Tables that every version has had. */
const OURS = ['meta', 'messages', 'outbox'];

/**
 * Other programs number their versions too, and may have tables with the same names: nothing is written before this
 * check.
 */
function refuseForeign(sql: Sql): void {
  const version = sql.get<{ user_version: number }>('PRAGMA user_version')?.user_version ?? 0;
  const names = new Set(sql.all<{ name: string }>('SELECT name FROM sqlite_master').map(({ name }) => name));
  // The first step is one transaction: if it did not finish, the file is empty.
  const isOurs = version === 0 ? names.size === 0 : OURS.every((name) => names.has(name));
  if (!isOurs) throw new ForeignDatabase('of another program');
}

/** Opens the writing connection and prepares it. `from`: the first row in the search index. */
export function openWriter(
  path: string,
  identity: { account: string; me: string },
  useFts: boolean,
  log: WorkerLog,
): { sql: Sql; from: number } {
  const db = new DatabaseSync(path);
  const sql = new Sql(db);
  try {
    db.exec('PRAGMA busy_timeout = 5000');
    refuseForeign(sql);
    db.exec(
      'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -16000',
    );
    migrate(sql);
    const account = readMeta(sql, 'account');
    if (account !== null && account !== identity.account) throw new ForeignDatabase('of another account');
    if (account === null) {
      writeMeta(sql, 'account', identity.account);
      writeMeta(sql, 'me', identity.me);
    }
    return { sql, from: openIndex(sql, useFts, log) };
  } catch (error) {
    db.close();
    throw error;
  }
}

/**
 * Brings the contents of the write-ahead log into the main file.
 * @returns false when not all of it could be transferred, because another connection is reading.
 */
export function settleLog(sql: Sql): boolean {
  // Passive: a start does not wait for other connections.
  const done = sql.get<{ log: number; checkpointed: number }>('PRAGMA wal_checkpoint(PASSIVE)');
  return done !== undefined && done.log === done.checkpointed;
}

/** Opens a read-only connection. */
export function openReader(path: string): { sql: Sql; from: number } {
  const db = new DatabaseSync(path, { readOnly: true });
  db.exec(
    'PRAGMA busy_timeout = 5000; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -32000; PRAGMA mmap_size = 268435456',
  );
  registerFold(db);
  const sql = new Sql(db);
  return { sql, from: indexedFrom(sql) };
}

function registerFold(db: DatabaseSync): void {
  db.function('folded_words', { deterministic: true, directOnly: true }, (content) =>
    typeof content === 'string' ? foldedWords(content) : '',
  );
}
