/**
 * Search over stored messages, newest first. Candidates are read by row in windows of a fixed size, so that a word
 * found in a million messages costs no more than a rare one. Filters are words of the index too: a rare one beside a
 * common one is as cheap as the rare one alone.
 */
import type { SearchHit } from '#contract/ipc/views.ts';
import { MOST } from '#contract/model/limits.ts';
import type { StoreContext } from '../context.ts';
import { excerptOf } from '../excerpt.ts';
import { idTag, KINDS } from '../index-rows.ts';
import { personName } from '../people.ts';
import { rowOf } from '../place.ts';
import { indexedFrom, isInTheMaking } from '../search-index.ts';
import { isEmptyQuery, scopeOf, type Scope } from '../scope.ts';
import { idOr, moment, text, within } from '../values.ts';
import type { ParsedQuery } from '../../../lib/search-query.ts';
import { participantIds } from '../views.ts';

/**
 * Candidates that are sorted together. Rows follow the time of writing; a message that this device wrote while offline
 * got its time later, and is sorted in among this many others.
 */
const WINDOW = 200;
/** Without an index: rows whose words are checked before a search returns what it has. */
const SCAN_LIMIT = 200_000;
/**
 * Ids that are looked up in the index one by one, each at the cost of a look-up. If a name means more than these, their
 * messages are many too, and are soon found among the others, newest first.
 */
const MOST_TAGS = 500;

type Found = {
  row: number;
  id: string;
  content: string;
  created_at: number;
  chat_id: string;
  sender_id: string;
  mine: number;
  files: number;
  participants: string | null;
};

function quoted(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}

/** The expression for the index. Every part is quoted, so that nothing the user types can act as syntax. */
function matchOf(query: ParsedQuery, scope: Scope): string {
  const parts: string[] = [];
  for (const phrase of query.phrases) parts.push(`words : ${quoted(phrase.join(' '))}`);
  if (query.prefix !== null) parts.push(`words : ${quoted(query.prefix)} *`);
  const anyOf = (kind: 'chat' | 'sender', ids: string[] | null): void => {
    // The exact conditions check these anyway.
    if (ids === null || ids.length > MOST_TAGS) return;
    parts.push(`tags : (${ids.map((id) => quoted(idTag(kind, id))).join(' OR ')})`);
  };
  anyOf('chat', scope.chats);
  anyOf('sender', scope.senders);
  for (const kind of query.has) parts.push(`tags : ${quoted(`has${kind}`)}`);
  return parts.join(' AND ');
}

const COLUMNS = `m.row, m.id, m.chat_id, m.sender_id, m.mine, m.content, m.created_at, m.files,
  (SELECT participants FROM chats WHERE id = m.chat_id) AS participants`;

/** The exact conditions: tags in the index may be the same for two ids, and are left out when there are very many. */
function conditions(query: ParsedQuery, scope: Scope): { sql: string; values: (string | number)[] } {
  const sql = ['m.id IS NOT NULL'];
  const values: (string | number)[] = [];
  const add = (condition: string, value: string | number): void => {
    sql.push(condition);
    values.push(value);
  };
  if (scope.chats) add('m.chat_id IN (SELECT value FROM json_each(?))', JSON.stringify(scope.chats));
  if (scope.senders) add('m.sender_id IN (SELECT value FROM json_each(?))', JSON.stringify(scope.senders));
  for (const kind of query.has) add('m.kinds & ? > 0', KINDS[kind]);
  if (query.after !== null) add('m.created_at >= ?', query.after);
  if (query.before !== null) add('m.created_at < ?', query.before);
  return { sql: sql.join(' AND '), values };
}

/** Row numbers grow with time: a day is a range of rows. If a second was full, its rows come a little later. */
function rowsOf(query: ParsedQuery): { first: number; last: number } {
  return {
    first: query.after === null ? 0 : rowOf(query.after),
    last: query.before === null ? Number.MAX_SAFE_INTEGER : rowOf(query.before + 3_600_000),
  };
}

/** The words as conditions on the text itself: phrases are whole words, the prefix starts one. */
function wordConditions(query: ParsedQuery): { sql: string; values: string[] } {
  const phrase = ` AND instr(' ' || folded_words(m.content) || ' ', ' ' || ? || ' ') > 0`;
  const prefix = ` AND instr(' ' || folded_words(m.content), ' ' || ?) > 0`;
  const phrases = query.phrases.map((words) => words.join(' '));
  return {
    sql: phrase.repeat(phrases.length) + (query.prefix === null ? '' : prefix),
    values: query.prefix === null ? phrases : [...phrases, query.prefix],
  };
}

/**
 * A message sent from this device keeps the row of its time of writing, by this device's clock: one that waited for
 * days may be outside the rows of the days on which the server got it. There are few of these, found by their local
 * ids.
 */
function strays(context: StoreContext, query: ParsedQuery, scope: Scope): Found[] {
  if (query.after === null && query.before === null) return [];
  const { first, last } = rowsOf(query);
  // The plus keeps the planner from scanning all rows of the table outside the range.
  const rows = context.sql.all<{ row: number }>(
    `SELECT row FROM messages WHERE local_id >= '' AND (+row < ? OR +row > ?) AND +created_at >= ? AND +created_at < ?`,
    first,
    last,
    query.after ?? Number.MIN_SAFE_INTEGER,
    query.before ?? Number.MAX_SAFE_INTEGER,
  );
  if (rows.length === 0) return [];
  const exact = conditions(query, scope);
  const text = wordConditions(query);
  return context.sql.all<Found>(
    `SELECT ${COLUMNS} FROM messages m
     WHERE m.row IN (SELECT value FROM json_each(?)) AND ${exact.sql}${text.sql} ORDER BY m.row DESC`,
    JSON.stringify(rows.map(({ row }) => row)),
    ...exact.values,
    ...text.values,
  );
}

function candidates(context: StoreContext, query: ParsedQuery, scope: Scope, offset: number, limit: number): Found[] {
  const exact = conditions(query, scope);
  const match = matchOf(query, scope);
  const { first, last } = rowsOf(query);
  if (context.index.from === 0 && match !== '') {
    return context.sql.all<Found>(
      `SELECT ${COLUMNS} FROM message_index i JOIN messages m ON m.row = i.rowid
       WHERE message_index MATCH ? AND i.rowid >= ? AND i.rowid <= ? AND ${exact.sql}
       ORDER BY i.rowid DESC LIMIT 0 + ? OFFSET ?`,
      match,
      first,
      last,
      ...exact.values,
      limit,
      offset,
    );
  }
  const text = wordConditions(query);
  // Only words take long: an indexed search that comes here has none, and runs to the end. So does one that will be
  // fast soon: while the index is rebuilt it finds what it has always found.
  const most = text.sql === '' || isInTheMaking(context.index.from) ? -1 : SCAN_LIMIT;
  return context.sql.all<Found>(
    `SELECT ${COLUMNS} FROM (SELECT * FROM messages WHERE row >= ? AND row <= ? ORDER BY row DESC LIMIT ${most}) m
     WHERE ${exact.sql}${text.sql} ORDER BY m.row DESC LIMIT 0 + ? OFFSET ?`,
    first,
    last,
    ...exact.values,
    ...text.values,
    limit,
    offset,
  );
}

function titleOf(context: StoreContext, row: Found): string {
  const others = participantIds(context, row.chat_id, row.participants ?? '[]').filter((id) => id !== context.me);
  return others.map((id) => personName(context, id)).join(', ') || row.chat_id;
}

export interface SearchInput {
  query: ParsedQuery;
  /** Null: all chats. */
  chatId: string | null;
  limit: number;
  offset: number;
}

/** Finds messages, newest first; `more` says whether another page follows. */
export function search(context: StoreContext, input: SearchInput): { hits: SearchHit[]; more: boolean } {
  const { query, limit, offset } = input;
  const scope = scopeOf(context, query, input.chatId);
  if (isEmptyQuery(query) || scope.chats?.length === 0 || scope.senders?.length === 0) return { hits: [], more: false };
  // The reader receives no changes: names, and how far the index has got, are read again for each search.
  context.people.clear();
  if (context.index.from !== 0) context.index.from = indexedFrom(context.sql);
  const stray = strays(context, query, scope);
  const found: Found[] = [];
  let more = false;
  const start = Math.floor(offset / WINDOW) * WINDOW;
  for (let at = start; at < offset + limit; at += WINDOW) {
    const window = stray.slice(at, at + WINDOW + 1);
    if (window.length <= WINDOW)
      window.push(...candidates(context, query, scope, Math.max(0, at - stray.length), WINDOW + 1 - window.length));
    more = window.length > WINDOW;
    found.push(...window.slice(0, WINDOW).sort((a, b) => b.created_at - a.created_at || b.row - a.row));
    if (!more) break;
  }
  return {
    hits: found.slice(offset - start, offset - start + limit).map((row) => ({
      chatId: row.chat_id,
      chatTitle: titleOf(context, row),
      messageId: row.id,
      senderName: personName(context, idOr(row.sender_id)),
      mine: row.mine === 1,
      createdAt: moment(row.created_at),
      ...excerptOf(text(row.content), query),
      files: Math.floor(within(row.files, MOST.count)),
    })),
    more: more || found.length > offset - start + limit,
  };
}
