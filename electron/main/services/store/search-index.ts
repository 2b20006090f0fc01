/**
 * Builds the search index. It is not a numbered migration: it can be built from the messages at any time, and a build
 * of SQLite without FTS5 must open the same file. Such a build marks it as stale, and the next one with FTS5 rebuilds
 * it. What a first slice does not finish is built later, newest messages first, slice by slice: no start waits for it,
 * and until it is complete searches read the messages themselves.
 */
import type { StoreContext } from './context.ts';
import { foldedWords } from '#contract/model/search-text.ts';
import { tagsOf } from './index-rows.ts';
import { readMeta, writeMeta } from './meta.ts';
import type { WorkerLog } from './protocol.ts';
import type { Sql } from './sql.ts';

/**
 * Words come folded, with a space between them, and this tokenizer splits at nothing else: only `words` decides what a
 * word is, and a scan of the messages finds the same. Prefixes of one to three letters have lists of their own: a
 * search answers from the first letter typed.
 */
const CREATE_INDEX = `CREATE VIRTUAL TABLE message_index USING fts5(words, tags, content='', contentless_delete=1,
       tokenize='ascii', prefix='1 2 3')`;

/** Messages from this row on are in the index: 0 for all of them. */
type IndexedFrom = number;
/** There is no index. */
const NOTHING: IndexedFrom = Infinity;
/** An index that is still empty. */
const NO_ROW: IndexedFrom = Number.MAX_SAFE_INTEGER;

/** Rows per slice: a few hundredths of a second. */
const SLICE = 250;
/** Rows to index at the start: most accounts have all of theirs in the index when they open. */
const FIRST_SLICE = 2000;

function isOurs(sql: Sql): boolean {
  const made = sql.get<{ sql: string }>("SELECT sql FROM sqlite_master WHERE name = 'message_index'")?.sql;
  return made === CREATE_INDEX && readMeta(sql, 'index_stale') !== '1';
}

/** The first row that the index covers. */
export function indexedFrom(sql: Sql): IndexedFrom {
  return isOurs(sql) ? Number(readMeta(sql, 'index_from') ?? 0) : NOTHING;
}

/** Creates the index, or continues to build it, as far as a start can wait. */
export function openIndex(sql: Sql, useFts: boolean, log: WorkerLog): IndexedFrom {
  if (!useFts || !probeFts(sql, log)) {
    if (!useFts) log('info', 'store.search_without_index', { reason: 'switched_off' });
    writeMeta(sql, 'index_stale', '1');
    return NOTHING;
  }
  if (!isOurs(sql)) {
    sql.transaction(() => {
      sql.db.exec('DROP TABLE IF EXISTS message_index');
      sql.db.exec(CREATE_INDEX);
      writeMeta(sql, 'index_stale', '0');
      writeMeta(sql, 'index_from', String(NO_ROW));
    });
  }
  const index = { from: indexedFrom(sql) };
  indexSlice({ sql, index }, FIRST_SLICE);
  return index.from;
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

/** True while the index is being built. */
export function isInTheMaking(from: IndexedFrom): boolean {
  return from > 0 && from !== NOTHING;
}

/**
 * Adds the next messages to the index.
 * @param most how many at once. @returns whether some are left.
 */
export function indexSlice({ sql, index }: Pick<StoreContext, 'sql' | 'index'>, most = SLICE): boolean {
  if (!isInTheMaking(index.from)) return false;
  const rows = sql.all<{ row: number; content: string; chat_id: string; sender_id: string; kinds: number }>(
    'SELECT row, content, chat_id, sender_id, kinds FROM messages WHERE row < ? ORDER BY row DESC LIMIT 0 + ?',
    index.from,
    most,
  );
  const last = rows.length < most ? undefined : rows.at(-1);
  sql.transaction(() => {
    for (const message of rows) {
      sql.run(
        'INSERT INTO message_index (rowid, words, tags) VALUES (?, ?, ?)',
        message.row,
        foldedWords(message.content),
        tagsOf(message.chat_id, message.sender_id, message.kinds),
      );
    }
    if (last) writeMeta(sql, 'index_from', String(last.row));
    else sql.run("DELETE FROM meta WHERE name = 'index_from'");
  });
  index.from = last?.row ?? 0;
  return last !== undefined;
}
