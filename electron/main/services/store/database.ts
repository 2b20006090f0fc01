/** Opening the account's database: pragmas, migrations, the search index. */
import { DatabaseSync } from 'node:sqlite';
import { foldedText, tagsOf } from './index-rows.ts';
import { MIGRATIONS } from './migrations.ts';
import { readMeta, writeMeta } from './meta.ts';
import type { WorkerLog } from './protocol.ts';
import { Sql } from './sql.ts';

/** The database is of another program, of a newer version of this one, or of another account: it is left as it is. */
export class ForeignDatabase extends Error {
  override readonly name = 'ForeignDatabase';
}

/** Brings the tables up to date, each step in its own transaction. */
export function migrate(sql: Sql, steps: readonly string[] = MIGRATIONS): void {
  const version = sql.get<{ user_version: number }>('PRAGMA user_version')?.user_version ?? 0;
  if (version > steps.length) throw new ForeignDatabase(`schema ${version} is newer than ${steps.length}`);
  for (let next = version; next < steps.length; next += 1) {
    sql.transaction(() => {
      sql.db.exec(steps[next] ?? '');
      sql.db.exec(`PRAGMA user_version = ${next + 1}`);
    });
  }
}

/** Tables that every version has had. */
const OURS = ['meta', 'messages', 'outbox'];

/** Another program numbers its versions too, and its tables may have the same names: nothing is written before this. */
function refuseForeign(sql: Sql): void {
  const version = sql.get<{ user_version: number }>('PRAGMA user_version')?.user_version ?? 0;
  const names = new Set(sql.all<{ name: string }>('SELECT name FROM sqlite_master').map(({ name }) => name));
  // The first step is one transaction: a file that it did not finish is empty.
  const isOurs = version === 0 ? names.size === 0 : OURS.every((name) => names.has(name));
  if (!isOurs) throw new ForeignDatabase('of another program');
}

/** Opens the writing connection and makes it ready. */
export function openWriter(
  path: string,
  identity: { account: string; me: string },
  useFts: boolean,
  log: WorkerLog,
): { sql: Sql; indexed: boolean } {
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
    registerFold(db);
    return { sql, indexed: openIndex(sql, useFts, log) };
  } catch (error) {
    db.close();
    throw error;
  }
}

/**
 * Brings what the write-ahead log holds into the main file.
 * @returns false when not all of it could be brought over, because somebody else is reading.
 */
export function settleLog(sql: Sql): boolean {
  // Passive: a start does not wait for anybody.
  const done = sql.get<{ log: number; checkpointed: number }>('PRAGMA wal_checkpoint(PASSIVE)');
  return done !== undefined && done.log === done.checkpointed;
}

/** Opens a connection that cannot write. */
export function openReader(path: string): { sql: Sql; indexed: boolean } {
  const db = new DatabaseSync(path, { readOnly: true });
  db.exec(
    'PRAGMA busy_timeout = 5000; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -32000; PRAGMA mmap_size = 268435456',
  );
  registerFold(db);
  const sql = new Sql(db);
  return { sql, indexed: hasIndex(sql) && readMeta(sql, 'index_stale') !== '1' };
}

function registerFold(db: DatabaseSync): void {
  db.function('folded_words', { deterministic: true, directOnly: true }, (content) =>
    typeof content === 'string' ? foldedText(content) : '',
  );
}

/** Beginnings of one to three letters have lists of their own: a search answers from the first letter that is typed. */
const CREATE_INDEX = `CREATE VIRTUAL TABLE message_index USING fts5(words, tags, content='', contentless_delete=1,
       tokenize='unicode61 remove_diacritics 0', prefix='1 2 3')`;

function indexDefinition(sql: Sql): string | null {
  return sql.get<{ sql: string }>("SELECT sql FROM sqlite_master WHERE name = 'message_index'")?.sql ?? null;
}

function hasIndex(sql: Sql): boolean {
  return indexDefinition(sql) !== null;
}

/** Rows of one step while the index is made anew. */
const INDEX_STEP = 2000;

/**
 * The index is no numbered step: it can be made from the messages at any time, and a build of SQLite without FTS5 must
 * open the same file. Such a build marks it as stale, and the next one with FTS5 makes it anew.
 */
function openIndex(sql: Sql, useFts: boolean, log: WorkerLog): boolean {
  const canIndex = useFts && probeFts(sql, log);
  if (!canIndex) {
    if (!useFts) log('info', 'store.search_without_index', { reason: 'switched_off' });
    writeMeta(sql, 'index_stale', '1');
    return false;
  }
  if (indexDefinition(sql) === CREATE_INDEX && readMeta(sql, 'index_stale') !== '1') return true;
  sql.db.exec('DROP TABLE IF EXISTS message_index');
  sql.db.exec(CREATE_INDEX);
  rebuildIndex(sql);
  writeMeta(sql, 'index_stale', '0');
  return true;
}

function probeFts(sql: Sql, log: WorkerLog): boolean {
  try {
    sql.db.exec('CREATE VIRTUAL TABLE temp.probe USING fts5(x); DROP TABLE temp.probe');
    return true;
  } catch (error) {
    log('warn', 'store.search_without_index', {
      reason: error instanceof Error ? error.message.slice(0, 100) : 'unknown',
    });
    return false;
  }
}

function rebuildIndex(sql: Sql): void {
  type Indexed = { row: number; content: string; chat_id: string; sender_id: string; kinds: number };
  const step = (after: number): Indexed[] =>
    sql.all<Indexed>(
      'SELECT row, content, chat_id, sender_id, kinds FROM messages WHERE row > ? ORDER BY row LIMIT ?',
      after,
      INDEX_STEP,
    );
  for (let rows = step(-1); rows.length > 0; rows = step(rows[rows.length - 1]?.row ?? Number.MAX_SAFE_INTEGER)) {
    sql.transaction(() => {
      for (const one of rows) {
        sql.run(
          'INSERT INTO message_index (rowid, words, tags) VALUES (?, ?, ?)',
          one.row,
          foldedText(one.content),
          tagsOf(one.chat_id, one.sender_id, one.kinds),
        );
      }
    });
  }
}
