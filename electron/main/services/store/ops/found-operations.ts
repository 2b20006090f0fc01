/**
 * One search over what was shared: music and files by their names, by what was said with them or beside them, by who
 * shared them and when. Newest first; the oldest of very many are not looked at.
 */
import type { FoundFile, FoundMusic, SearchUnderstood, SharedIn } from '#contract/ipc/found-views.ts';
import type { TrackView } from '#contract/ipc/music-views.ts';
import { isVoice } from '#contract/model/media-types.ts';
import { parseQuery, type ParsedQuery } from '../../../lib/search-query.ts';
import { ATTACHMENT_COLUMNS, attachmentView, type AttachmentRow } from '../attachment-views.ts';
import type { StoreContext } from '../context.ts';
import { KINDS } from '../index-rows.ts';
import { personName } from '../people.ts';
import { rowOf } from '../place.ts';
import { isEmptyQuery, scopeOf, type Scope } from '../scope.ts';
import { type MayRemove, trackViews } from '../track-rows.ts';
import { moment, text } from '../values.ts';
import { participantIds } from '../views.ts';
import { understoodOf, wishOf } from '../wishes.ts';
import { search } from './search-operations.ts';

/** Files that are looked at for their names, the newest ones. */
const MOST_LOOKED_AT = 20_000;
/** Messages with the words whose surroundings are looked at. */
const MOST_SAID = 40;
/** Milliseconds between a file and words that are about it. */
const NEAR_MS = 10 * 60_000;
const LONGEST_TEXT = 200;

type Row = AttachmentRow & {
  row: number;
  message_id: string;
  chat_id: string;
  sender_id: string;
  mine: number;
  content: string;
  created_at: number;
  at: number;
  tie: string;
  participants: string | null;
};

const COLUMNS = `a.row, ${ATTACHMENT_COLUMNS.split(', ')
  .map((column) => `a.${column}`)
  .join(', ')}, m.id AS message_id, m.chat_id, m.sender_id, m.mine, m.content, m.created_at, m.at, m.tie,
  (SELECT participants FROM chats WHERE id = m.chat_id) AS participants`;

/** The words of a query as conditions on folded text with a blank before it. */
function wordsOf(query: ParsedQuery): { whole: string[]; begun: string[] } {
  return {
    whole: query.phrases.map((phrase) => phrase.join(' ')),
    begun: query.prefix === null ? [] : [query.prefix],
  };
}

/** Whoever names a chat, or what a message has, asks for messages' files alone. */
function isOfLibrary(query: ParsedQuery): boolean {
  return query.in.length === 0 && query.has.every((kind) => kind === 'audio' || kind === 'file');
}

function sharedConditions(query: ParsedQuery, scope: Scope): { sql: string; values: (string | number)[] } {
  const sql: string[] = [];
  const values: (string | number)[] = [];
  const add = (condition: string, value: string | number): void => {
    sql.push(` AND ${condition}`);
    values.push(value);
  };
  if (scope.chats) add('m.chat_id IN (SELECT value FROM json_each(?))', JSON.stringify(scope.chats));
  if (scope.senders) add('m.sender_id IN (SELECT value FROM json_each(?))', JSON.stringify(scope.senders));
  for (const kind of query.has) add('m.kinds & ? > 0', KINDS[kind]);
  if (query.after !== null) add('m.created_at >= ?', query.after);
  if (query.before !== null) add('m.created_at < ?', query.before);
  return { sql: sql.join(''), values };
}

/** Files whose own names, whose track's words, or whose message's text have all the words. */
function byWords(context: StoreContext, query: ParsedQuery, scope: Scope): Row[] {
  const exact = sharedConditions(query, scope);
  const { whole, begun } = wordsOf(query);
  const all = `(' ' || folded_words(a.name || ' ' || m.content) || coalesce(t.words, '') || ' ')`;
  const said = whole.map(() => ` AND instr(${all}, ' ' || ? || ' ') > 0`).join('');
  const typed = begun.map(() => ` AND instr(${all}, ' ' || ?) > 0`).join('');
  const first = query.after === null ? 0 : rowOf(query.after - 3_600_000);
  const last = query.before === null ? Number.MAX_SAFE_INTEGER : rowOf(query.before + 3_600_000);
  return context.sql.all<Row>(
    `SELECT ${COLUMNS} FROM (SELECT * FROM attachments WHERE row >= ? AND row <= ? ORDER BY row DESC LIMIT ${MOST_LOOKED_AT}) a
     JOIN messages m ON m.row = a.row LEFT JOIN tracks t ON t.id = a.id
     WHERE m.id IS NOT NULL${exact.sql}${said}${typed} ORDER BY a.row DESC LIMIT 400`,
    first,
    last,
    ...exact.values,
    ...whole,
    ...begun,
  );
}

/** Music beside messages that have the words. */
function bySurroundings(context: StoreContext, query: ParsedQuery, scope: Scope): Row[] {
  if (query.phrases.length === 0 && query.prefix === null) return [];
  const said = search(context, {
    query: { ...query, from: [], has: [] },
    chatId: null,
    limit: MOST_SAID,
    offset: 0,
  }).hits;
  const exact = sharedConditions({ ...query, has: [...query.has, 'audio'] }, scope);
  return said.flatMap((hit) =>
    context.sql.all<Row>(
      `SELECT ${COLUMNS} FROM messages m JOIN attachments a ON a.row = m.row
       WHERE m.chat_id = ? AND m.kinds > 0 AND m.at > ? AND m.at < ? AND m.id IS NOT NULL${exact.sql}
       ORDER BY abs(m.at - ?), a.n LIMIT 5`,
      hit.chatId,
      hit.createdAt - NEAR_MS,
      hit.createdAt + NEAR_MS,
      ...exact.values,
      hit.createdAt,
    ),
  );
}

/** What was said with a file, or the nearest words after it, or before it. */
function aroundOf(context: StoreContext, row: Row): SharedIn['around'] {
  const said = (by: { sender_id: string; mine: number; content: string }): SharedIn['around'] => ({
    senderName: personName(context, by.sender_id),
    mine: by.mine === 1,
    text: text(by.content).replace(/\s+/gu, ' ').slice(0, LONGEST_TEXT).toWellFormed(),
  });
  if (row.content.trim() !== '') return said(row);
  const beside = (sign: '>' | '<', order: 'ASC' | 'DESC', most: number) =>
    context.sql.get<{ sender_id: string; mine: number; content: string }>(
      `SELECT sender_id, mine, content FROM messages
       WHERE chat_id = ? AND (at, tie) ${sign} (?, ?) AND at ${sign === '>' ? '<' : '>'} ? AND content <> ''
       ORDER BY at ${order}, tie ${order} LIMIT 1`,
      row.chat_id,
      row.at,
      row.tie,
      most,
    );
  const found = beside('>', 'ASC', row.at + NEAR_MS) ?? beside('<', 'DESC', row.at - NEAR_MS);
  return found ? said(found) : null;
}

function titleOf(context: StoreContext, row: Row): string {
  const others = participantIds(context, row.chat_id, row.participants ?? '[]').filter((id) => id !== context.me);
  return others.map((id) => personName(context, id)).join(', ') || row.chat_id;
}

function sharedIn(context: StoreContext, row: Row): SharedIn {
  return {
    chatId: row.chat_id,
    messageId: row.message_id,
    chatTitle: titleOf(context, row),
    senderName: personName(context, row.sender_id),
    mine: row.mine === 1,
    at: moment(row.created_at),
    around: aroundOf(context, row),
  };
}

/** Tracks of the library by their own words, by who added them, and when. */
function tracksOf(context: StoreContext, query: ParsedQuery, scope: Scope, limit: number): number[] {
  const sql: string[] = [];
  const values: (string | number)[] = [];
  const { whole, begun } = wordsOf(query);
  for (const phrase of whole) {
    sql.push(`instr(words || ' ', ' ' || ? || ' ') > 0`);
    values.push(phrase);
  }
  for (const word of begun) {
    sql.push(`instr(words, ' ' || ?) > 0`);
    values.push(word);
  }
  if (scope.senders) {
    sql.push('shared_by IN (SELECT value FROM json_each(?))');
    values.push(JSON.stringify(scope.senders));
  }
  if (query.after !== null) {
    sql.push('added_at >= ?');
    values.push(query.after);
  }
  if (query.before !== null) {
    sql.push('added_at < ?');
    values.push(query.before);
  }
  return context.sql
    .all<{ row: number }>(
      `SELECT row FROM tracks WHERE ${sql.join(' AND ') || '1'} ORDER BY added_at IS NULL, added_at DESC, row DESC LIMIT 0 + ?`,
      ...values,
      limit,
    )
    .map(({ row }) => row);
}

/** The message a track was last shared in, among those that match what was asked; otherwise any. */
function lastShared(context: StoreContext, id: string): Row | undefined {
  return context.sql.get<Row>(
    `SELECT ${COLUMNS} FROM attachments a JOIN messages m ON m.row = a.row
     WHERE a.id = ? AND m.id IS NOT NULL ORDER BY m.at DESC, m.tie DESC LIMIT 1`,
    id,
  );
}

const time = ({ track, shared }: FoundMusic): number => shared?.at ?? track?.addedAt ?? 0;

interface Found {
  music: FoundMusic[];
  files: FoundFile[];
}

function findBy(
  context: StoreContext,
  query: ParsedQuery,
  input: { limit: number; mayRemove: MayRemove; music: boolean },
): Found {
  const scope = scopeOf(context, query, null);
  if (isEmptyQuery(query) || scope.chats?.length === 0 || scope.senders?.length === 0) return { music: [], files: [] };
  const rows = new Map<string, Row>();
  const near = bySurroundings(context, query, scope);
  for (const row of [...byWords(context, query, scope), ...near]) if (!rows.has(row.id)) rows.set(row.id, row);
  const newest = [...rows.values()].sort((a, b) => b.created_at - a.created_at || b.row - a.row);
  const isMusic = (row: Row): boolean => row.mime_type.startsWith('audio/') && !isVoice(row.name, row.mime_type);

  const listed = isOfLibrary(query) ? tracksOf(context, query, scope, input.limit) : [];
  const sounds = newest.filter(isMusic).slice(0, input.limit);
  const inChats = context.sql
    .all<{ row: number }>(
      'SELECT row FROM tracks WHERE id IN (SELECT value FROM json_each(?))',
      JSON.stringify(sounds.map(({ id }) => id)),
    )
    .map(({ row }) => row);
  const tracks = new Map<string, TrackView>(
    trackViews(context, [...new Set([...listed, ...inChats])], input.mayRemove).map((track) => [track.id, track]),
  );
  const music: FoundMusic[] = [...tracks.values()].map((track) => {
    const row = rows.get(track.id) ?? lastShared(context, track.id);
    return { track, file: null, shared: row ? sharedIn(context, row) : null };
  });
  for (const row of sounds) {
    const file = tracks.has(row.id) ? null : attachmentView(context, row);
    if (file) music.push({ track: null, file, shared: sharedIn(context, row) });
  }
  const files = newest
    .filter((row) => !row.mime_type.startsWith('audio/'))
    .slice(0, input.music ? 0 : input.limit)
    .flatMap((row) => {
      const file = attachmentView(context, row);
      return file ? [{ file, shared: sharedIn(context, row) }] : [];
    });
  return { music: music.sort((a, b) => time(b) - time(a)).slice(0, input.limit), files };
}

/**
 * Finds music and files. What was typed is taken word by word, and, where a time or a person is understood in it, also
 * as a wish; what only the words find stands first.
 */
export function findShared(
  context: StoreContext,
  input: { text: string; now: number; limit: number; mayRemove: MayRemove },
): Found & { understood: SearchUnderstood | null } {
  // The reading thread hears of no changes.
  context.people.clear();
  const { limit, mayRemove } = input;
  const found = findBy(context, parseQuery(input.text), { limit, mayRemove, music: false });
  const wish = wishOf(context, input.text, input.now);
  if (!wish.understood) return { ...found, understood: null };
  const more = findBy(context, wish.query, { limit, mayRemove, music: wish.music });
  const idOf = ({ track, file }: FoundMusic): string => track?.id ?? file?.id ?? '';
  const unique = <T>(items: T[], key: (item: T) => string): T[] =>
    [...new Map(items.toReversed().map((item) => [key(item), item])).values()].toReversed().slice(0, limit);
  return {
    music: unique([...found.music, ...more.music], idOf),
    files: unique([...found.files, ...more.files], ({ file }) => file.id),
    understood: understoodOf(context, wish),
  };
}

/** A wish as a query for messages; null when nothing but words was understood. */
export function readQuery(
  context: StoreContext,
  input: { text: string; now: number },
): { query: ParsedQuery; understood: SearchUnderstood | null } | null {
  context.people.clear();
  const wish = wishOf(context, input.text, input.now);
  if (!wish.understood) return null;
  const has = wish.music ? [...new Set([...wish.query.has, 'audio' as const])] : wish.query.has;
  return { query: { ...wish.query, has }, understood: understoodOf(context, wish) };
}
