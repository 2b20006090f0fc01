/**
 * Reads the library. The order of a list is found once, and its pages are cut from that until the library changes:
 * twenty thousand tracks scroll without being sorted again.
 */
import type { AlbumView, ArtistView, MusicSort, StoryView, TrackQuery, TrackView } from '#contract/ipc/music-views.ts';
import { MOST } from '#contract/model/limits.ts';
import { foldedWords } from '#contract/model/search-text.ts';
import { mediaUrl } from '../../../lib/media-id.ts';
import type { ParsedQuery } from '../../../lib/search-query.ts';
import type { StoreContext } from '../context.ts';
import { personName } from '../people.ts';
import { scopeOf } from '../scope.ts';
import { libraryVersion, type MayRemove, TRACKS, trackViews } from '../track-rows.ts';
import { moment, text, within } from '../values.ts';
import { wishOf } from '../wishes.ts';

/** Orders that are remembered. */
const MOST_LISTS = 8;
/** Words of a query that count. */
const MOST_WORDS = 10;
/** The longest text of a message in a story, in characters. */
const LONGEST_TEXT = 200;
const MOST_STORIES = 100;

interface Group<V> {
  view: V;
  /** As folded words with a blank before each. */
  words: string;
}

type AlbumSort = 'title' | 'artist' | 'added';

interface Library {
  version: string;
  lists: Map<string, number[]>;
  albums: Map<AlbumSort, Group<AlbumView>[]>;
  artists: Group<ArtistView>[] | null;
}

const libraries = new WeakMap<StoreContext, Library>();

function libraryOf(context: StoreContext): Library {
  // The reading thread hears of no changes.
  context.people.clear();
  const version = libraryVersion(context);
  const known = libraries.get(context);
  if (known?.version === version) return known;
  const made: Library = { version, lists: new Map(), albums: new Map(), artists: null };
  libraries.set(context, made);
  return made;
}

function needlesOf(q: string): string[] {
  const folded = foldedWords(q);
  return folded === '' ? [] : folded.split(' ').slice(0, MOST_WORDS);
}

/** What is unknown stands last in either direction. */
function orderOf(sort: MusicSort, descending: boolean): string {
  const down = descending ? ' DESC' : '';
  const inAlbum = 't.album_key IS NULL, t.album_key, t.track_number, t.title_key, t.row';
  switch (sort) {
    case 'title':
      return `t.title_key${down}, t.words${down}, t.row${down}`;
    case 'artist':
      return `t.artist_key IS NULL, t.artist_key${down}, ${inAlbum}`;
    case 'album':
      return `t.album_key IS NULL, t.album_key${down}, t.track_number, t.title_key, t.row`;
    case 'added':
      return `t.added_at IS NULL, t.added_at${down}, t.row${down}`;
    case 'plays':
      return `coalesce(m.plays, 0)${down}, t.title_key, t.row`;
    case 'played':
      return `m.played_at IS NULL, m.played_at${down}, t.title_key, t.row`;
    case 'duration':
      return `t.duration${down}, t.title_key, t.row`;
  }
}

/** A query with the time it is asked at: "from March" depends on it. */
type Asked = TrackQuery & { now: number };

/** What is said of tracks: all of it is asked. */
interface Conditions {
  sql: string[];
  values: (string | number)[];
}

const byWords = (needles: readonly string[]): Conditions => ({
  sql: needles.map(() => `instr(t.words, ' ' || ?) > 0`),
  values: [...needles],
});

/** Each word is one of the track's own, or the name of who shared it. */
function byWordsOrNames(needles: readonly string[]): Conditions {
  const one = `(instr(t.words, ' ' || ?) > 0
    OR t.shared_by IN (SELECT id FROM users WHERE instr(' ' || folded, ' ' || ?) > 0))`;
  return { sql: needles.map(() => one), values: needles.flatMap((needle) => [needle, needle]) };
}

/** What was shared by these people, or at that time: put into the library, or sent to a chat. */
function bySharing(context: StoreContext, query: ParsedQuery): Conditions {
  const listed: string[] = [];
  const sent: string[] = [];
  const values: (string | number)[] = [];
  const add = (library: string, chat: string, value: string | number): void => {
    listed.push(library);
    sent.push(chat);
    values.push(value);
  };
  const { senders } = scopeOf(context, query, null);
  const oneOf = 'IN (SELECT value FROM json_each(?))';
  if (senders) add(`t.shared_by ${oneOf}`, `m.sender_id ${oneOf}`, JSON.stringify(senders));
  if (query.after !== null) add('t.added_at >= ?', 'm.created_at >= ?', query.after);
  if (query.before !== null) add('t.added_at < ?', 'm.created_at < ?', query.before);
  const chats = `SELECT a.id FROM attachments a JOIN messages m ON m.row = a.row WHERE ${sent.join(' AND ')}`;
  const words = byWords([
    ...query.phrases.map((phrase) => phrase.join(' ')),
    ...(query.prefix === null ? [] : [query.prefix]),
  ]);
  return {
    sql: [`((${listed.join(' AND ')}) OR t.id IN (${chats}))`, ...words.sql],
    values: [...values, ...values, ...words.values],
  };
}

/** The rows that a query finds, in their order: by its words, else by who shared them and when. */
function rowsOf(context: StoreContext, query: Asked): number[] {
  const needles = needlesOf(query.q);
  if (query.q.trim() === '') return listOf(context, query, 'all', () => byWords([]));
  // Nothing is found by what has no word in it.
  if (needles.length === 0) return [];
  const found = listOf(context, query, 'words', () => byWords(needles));
  if (found.length > 0) return found;
  const { query: meant } = wishOf(context, query.q, query.now);
  if (meant.from.length > 0 || meant.after !== null || meant.before !== null)
    return listOf(context, query, `${dataVersion(context)} shared`, () => bySharing(context, meant));
  return listOf(context, query, `${dataVersion(context)} names`, () => byWordsOrNames(needles));
}

/** Changes with whatever another thread has stored: chats and people are none of the library's own number. */
function dataVersion(context: StoreContext): number {
  return context.sql.get<{ data_version: number }>('PRAGMA data_version')?.data_version ?? 0;
}

function listOf(
  context: StoreContext,
  { q, sort, descending, within: place }: TrackQuery,
  how: string,
  asked: () => Conditions,
): number[] {
  const key = JSON.stringify([how, q, sort, descending, place]);
  const { lists } = libraryOf(context);
  const known = lists.get(key);
  if (known) return known;
  const { sql: conditions, values } = asked();
  let from = sort === 'plays' || sort === 'played' ? TRACKS : 'tracks t';
  let order = orderOf(sort, descending);
  if (place && 'cached' in place) conditions.push('t.cached = 1');
  else if (place && 'playlist' in place) {
    from = 'playlist_tracks p JOIN tracks t ON t.id = p.id';
    // A playlist has an order of its own.
    order = 'p.n';
    conditions.push('p.playlist_id = ?');
    values.push(place.playlist);
  } else if (place) {
    conditions.push(`t.${'album' in place ? 'album_key' : 'artist_key'} = ?`);
    values.push('album' in place ? place.album : place.artist);
  }
  const rows = context.sql
    .all<{ row: number }>(
      `SELECT t.row FROM ${from} WHERE ${['1', ...conditions].join(' AND ')} ORDER BY ${order}`,
      ...values,
    )
    .map(({ row }) => row);
  const [oldest] = lists.keys();
  if (lists.size >= MOST_LISTS && oldest !== undefined) lists.delete(oldest);
  lists.set(key, rows);
  return rows;
}

interface Page {
  limit: number;
  offset: number;
}

/** A page of tracks, and how many the query finds. */
export function tracks(
  context: StoreContext,
  input: Asked & Page & { mayRemove: MayRemove },
): { tracks: TrackView[]; total: number } {
  const rows = rowsOf(context, input);
  const page = rows.slice(input.offset, input.offset + input.limit);
  return { tracks: trackViews(context, page, input.mayRemove), total: rows.length };
}

/** The ids of all that a query finds, in order. */
export function trackIds(context: StoreContext, input: Asked & { limit: number }): string[] {
  const rows = rowsOf(context, input).slice(0, input.limit);
  const found = context.sql.all<{ row: number; id: string }>(
    'SELECT row, id FROM tracks WHERE row IN (SELECT value FROM json_each(?))',
    JSON.stringify(rows),
  );
  const ids = new Map(found.map(({ row, id }) => [row, id]));
  return rows.flatMap((row) => ids.get(row) ?? []);
}

/** The tracks with these ids that are known, in their order. */
export function tracksById(context: StoreContext, input: { ids: string[]; mayRemove: MayRemove }): TrackView[] {
  libraryOf(context);
  const found = context.sql.all<{ row: number; id: string }>(
    'SELECT row, id FROM tracks WHERE id IN (SELECT value FROM json_each(?))',
    JSON.stringify(input.ids),
  );
  const rows = new Map(found.map(({ row, id }) => [id, row]));
  return trackViews(
    context,
    input.ids.flatMap((id) => rows.get(id) ?? []),
    input.mayRemove,
  );
}

const coverOf = (context: StoreContext, id: string | null): string | null =>
  id === null ? null : mediaUrl('cover', context.tag, id);

/** Those of several artists stand last among artists. */
const ALBUM_ORDERS: Readonly<Record<AlbumSort, string>> = {
  title: 'album_name, album_key',
  artist: 'count(DISTINCT artist_key) <> 1, min(artist_key), album_name',
  added: 'max(added_at) DESC, album_name, album_key',
};

function albumsOf(context: StoreContext, sort: AlbumSort): Group<AlbumView>[] {
  const library = libraryOf(context);
  const known = library.albums.get(sort);
  if (known) return known;
  const made = context.sql
    .all<{
      key: string;
      title: string;
      artist: string | null;
      artists: number;
      year: number | null;
      tracks: number;
      duration: number;
      cover: string | null;
    }>(
      `SELECT album_key AS key, min(album) AS title, min(artist) AS artist, count(DISTINCT artist_key) AS artists,
         max(year) AS year, count(*) AS tracks, sum(duration) AS duration, min(CASE WHEN cover = 1 THEN id END) AS cover
       FROM tracks WHERE album_key IS NOT NULL GROUP BY album_key ORDER BY ${ALBUM_ORDERS[sort]}`,
    )
    .map((row) => ({
      view: {
        key: row.key,
        title: text(row.title),
        artist: row.artists === 1 ? row.artist : null,
        year: row.year === null ? null : Math.floor(row.year),
        tracks: row.tracks,
        duration: within(row.duration, MOST.seconds),
        coverUrl: coverOf(context, row.cover),
      },
      words: ` ${foldedWords(`${text(row.title)} ${row.artist ?? ''}`)}`,
    }));
  library.albums.set(sort, made);
  return made;
}

function matching<V>(groups: readonly Group<V>[], q: string): readonly Group<V>[] {
  const needles = needlesOf(q);
  if (q.trim() !== '' && needles.length === 0) return [];
  return groups.filter(({ words }) => needles.every((needle) => words.includes(` ${needle}`)));
}

/** Albums by their titles, their artists, or the newest first. */
export function albums(
  context: StoreContext,
  input: { q: string; sort: AlbumSort } & Page,
): { albums: AlbumView[]; total: number } {
  const found = matching(albumsOf(context, input.sort), input.q);
  const page = found.slice(input.offset, input.offset + input.limit);
  return { albums: page.map(({ view }) => view), total: found.length };
}

function artistsOf(context: StoreContext): Group<ArtistView>[] {
  const library = libraryOf(context);
  library.artists ??= context.sql
    .all<{ key: string; name: string; tracks: number; albums: number; cover: string | null }>(
      `SELECT artist_key AS key, min(artist) AS name, count(*) AS tracks, count(DISTINCT album_key) AS albums,
         min(CASE WHEN cover = 1 THEN id END) AS cover
       FROM tracks WHERE artist_key IS NOT NULL GROUP BY artist_key ORDER BY artist_key`,
    )
    .map(({ key, name, tracks: count, albums: albumCount, cover }) => ({
      view: { key, name: text(name), tracks: count, albums: albumCount, coverUrl: coverOf(context, cover) },
      words: ` ${foldedWords(text(name))}`,
    }));
  return library.artists;
}

/** Artists by their names. */
export function artists(context: StoreContext, input: { q: string } & Page): { artists: ArtistView[]; total: number } {
  const found = matching(artistsOf(context), input.q);
  const page = found.slice(input.offset, input.offset + input.limit);
  return { artists: page.map(({ view }) => view), total: found.length };
}

/** The messages that a file came with, newest first. */
export function story(context: StoreContext, input: { id: string }): StoryView[] {
  context.people.clear();
  return context.sql
    .all<{ chat_id: string; id: string; sender_id: string; mine: number; created_at: number; content: string }>(
      `SELECT DISTINCT m.chat_id, m.id, m.sender_id, m.mine, m.created_at, m.content, m.at, m.tie
       FROM attachments a JOIN messages m ON m.row = a.row
       WHERE a.id = ? AND m.id IS NOT NULL ORDER BY m.at DESC, m.tie DESC LIMIT 0 + ?`,
      input.id,
      MOST_STORIES,
    )
    .map((row) => ({
      chatId: row.chat_id,
      messageId: row.id,
      senderName: personName(context, row.sender_id),
      mine: row.mine === 1,
      at: moment(row.created_at),
      text: text(row.content).slice(0, LONGEST_TEXT).toWellFormed(),
    }));
}
