/**
 * Search over stored messages. Candidates come newest first in windows of a fixed size, so that a word which a million
 * messages hold costs no more than a rare one; within a window the best come first. Filters are words of the index
 * too: a rare one beside a common one is as cheap as the rare one alone.
 */
import type { SearchHit } from '#contract/ipc/views.ts';
import type { StoreContext } from '../context.ts';
import { fold } from '../../../lib/fold.ts';
import { idTag, KINDS } from '../index-rows.ts';
import { personName } from '../people.ts';
import { rowOf } from '../place.ts';
import { excerptOf, rank, type Candidate } from '../ranking.ts';
import type { ParsedQuery } from '../../search/query.ts';
import { participantIds } from '../views.ts';

/** Candidates that are ranked together. */
const WINDOW = 400;
/** Without an index: rows whose words are looked at before a search answers with what it has. */
const SCAN_LIMIT = 200_000;
/**
 * Ids that the index is asked for one by one, each at the cost of a look-up. Where a name means more than these, their
 * messages are many too, and are met soon among the others, newest first.
 */
const MOST_TAGS = 500;

type Found = Candidate & {
  id: string;
  chat_id: string;
  sender_id: string;
  mine: number;
  files: number;
  participants: string | null;
};

interface Scope {
  /** Null: any. An empty list: none can match. */
  chats: string[] | null;
  senders: string[] | null;
}

function peopleNamed(context: StoreContext, name: string): string[] {
  if (fold(name) === 'me' || fold(name) === 'я') return [context.me];
  const needle = fold(name).replace(/^@/, '').trim();
  // Every name holds the empty one.
  if (needle === '') return [];
  return context.sql
    .all<{ id: string }>("SELECT id FROM users WHERE instr(' ' || folded, ' ' || ?) > 0", needle)
    .map(({ id }) => id);
}

function chatsNamed(context: StoreContext, name: string): string[] {
  const people = new Set(peopleNamed(context, name));
  return context.sql
    .all<{ id: string; participants: string }>('SELECT id, participants FROM chats')
    .filter(
      (chat) =>
        chat.id === name ||
        participantIds(context, chat.id, chat.participants).some((id) => id !== context.me && people.has(id)),
    )
    .map((chat) => chat.id);
}

function scopeOf(context: StoreContext, query: ParsedQuery, chatId: string | null): Scope {
  const anyOf = (names: string[], named: typeof peopleNamed): string[] | null =>
    names.length > 0 ? [...new Set(names.flatMap((name) => named(context, name)))] : null;
  let chats = anyOf(query.in, chatsNamed);
  if (chatId !== null) chats = chats === null || chats.includes(chatId) ? [chatId] : [];
  return { chats, senders: anyOf(query.from, peopleNamed) };
}

function quoted(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}

/** The expression for the index. Every part is quoted, so that nothing a person types can be its syntax. */
function matchOf(query: ParsedQuery, scope: Scope): string {
  const parts: string[] = [];
  for (const phrase of query.phrases) parts.push(`words : ${quoted(phrase.join(' '))}`);
  if (query.prefix !== null) parts.push(`words : ${quoted(query.prefix)} *`);
  const anyOf = (kind: 'chat' | 'sender', ids: string[] | null): void => {
    // The exact conditions ask for more than these.
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

/** The exact conditions: the index' tags may be the same for two ids, and are not asked for very many. */
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

/** A row's number grows with its time: a day is a range of rows. Where a second was full, they stand a little later. */
function rowsOf(query: ParsedQuery): { first: number; last: number } {
  return {
    first: query.after === null ? 0 : rowOf(query.after),
    last: query.before === null ? Number.MAX_SAFE_INTEGER : rowOf(query.before + 3_600_000),
  };
}

/** The words as conditions on the text itself: phrases are whole words, the prefix begins one. */
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
 * What this device sent keeps the row of the time of writing, by this device's clock: a message that waited for days
 * may stand outside of the rows of the days on which the server got it. These are few, and found by their local ids.
 */
function strays(context: StoreContext, query: ParsedQuery, scope: Scope): Found[] {
  if (query.after === null && query.before === null) return [];
  const { first, last } = rowsOf(query);
  // The plus keeps the planner from walking all rows of the table outside of the range.
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
  if (context.indexed && match !== '') {
    return context.sql.all<Found>(
      `SELECT ${COLUMNS} FROM message_index i JOIN messages m ON m.row = i.rowid
       WHERE message_index MATCH ? AND i.rowid >= ? AND i.rowid <= ? AND ${exact.sql}
       ORDER BY i.rowid DESC LIMIT ? OFFSET ?`,
      match,
      first,
      last,
      ...exact.values,
      limit,
      offset,
    );
  }
  const text = wordConditions(query);
  // Only words take long: an indexed search that comes here has none, and goes to the end.
  const most = text.sql === '' ? -1 : SCAN_LIMIT;
  return context.sql.all<Found>(
    `SELECT ${COLUMNS} FROM (SELECT * FROM messages WHERE row >= ? AND row <= ? ORDER BY row DESC LIMIT ${most}) m
     WHERE ${exact.sql}${text.sql} ORDER BY m.row DESC LIMIT ? OFFSET ?`,
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

/** Finds messages; `more` tells whether another page stands behind this one. */
export function search(
  context: StoreContext,
  input: { query: ParsedQuery; chatId: string | null; limit: number; offset: number; now: number },
): { hits: SearchHit[]; more: boolean } {
  const { query, limit, offset } = input;
  const isEmpty =
    query.phrases.length === 0 &&
    query.prefix === null &&
    query.from.length === 0 &&
    query.in.length === 0 &&
    query.has.length === 0 &&
    query.after === null &&
    query.before === null;
  const scope = scopeOf(context, query, input.chatId);
  if (isEmpty || scope.chats?.length === 0 || scope.senders?.length === 0) return { hits: [], more: false };
  // The reader does not hear of changes: names are read anew for each search.
  context.people.clear();
  const stray = strays(context, query, scope);
  const ranked: Found[] = [];
  let more = false;
  const start = Math.floor(offset / WINDOW) * WINDOW;
  for (let at = start; at < offset + limit; at += WINDOW) {
    const window = stray.slice(at, at + WINDOW + 1);
    if (window.length <= WINDOW)
      window.push(...candidates(context, query, scope, Math.max(0, at - stray.length), WINDOW + 1 - window.length));
    more = window.length > WINDOW;
    ranked.push(...rank(window.slice(0, WINDOW), query, input.now));
    if (!more) break;
  }
  const shown = ranked.slice(offset - start, offset - start + limit);
  return {
    hits: shown.map((row) => ({
      chatId: row.chat_id,
      chatTitle: titleOf(context, row),
      messageId: row.id,
      senderName: personName(context, row.sender_id),
      mine: row.mine === 1,
      createdAt: row.created_at,
      ...excerptOf(row.content, query),
      files: row.files,
    })),
    more: more || ranked.length > offset - start + limit,
  };
}
