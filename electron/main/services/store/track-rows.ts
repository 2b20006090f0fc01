/** Tracks of the library: as they are stored, and as the page shows them. */
import type { Track } from '#contract/api/track.ts';
import type { TrackView } from '#contract/ipc/music-views.ts';
import { MOST } from '#contract/model/limits.ts';
import { cacheName, mediaKey } from '../../lib/cache-name.ts';
import { mediaUrl } from '../../lib/media-id.ts';
import { editedWords, keysOf, shownWord, type TrackEdit, type TrackWords } from '../../lib/track-words.ts';
import type { StoreContext } from './context.ts';
import { readMeta, writeMeta } from './meta.ts';
import { personName } from './people.ts';
import { millis } from './place.ts';
import { between, moment, text, within } from './values.ts';

/** The columns of a `TrackRow`, of `tracks t LEFT JOIN track_marks m`. */
const COLUMNS = `t.row, t.id, t.title, t.artist, t.album, t.genre, t.year, t.track_number, t.duration, t.size, t.mime_type,
  t.cover, t.gain, t.shared_by, t.added_at, t.artist_key, t.album_key, t.cached,
  coalesce(m.plays, 0) AS plays, m.played_at, m.edit IS NOT NULL AS edited`;
export const TRACKS = 'tracks t LEFT JOIN track_marks m ON m.id = t.id';

type TrackRow = {
  row: number;
  id: string;
  title: string;
  artist: string | null;
  album: string | null;
  genre: string | null;
  year: number | null;
  track_number: number | null;
  duration: number;
  size: number;
  mime_type: string;
  cover: number;
  gain: number | null;
  shared_by: string | null;
  added_at: number | null;
  artist_key: string | null;
  album_key: string | null;
  cached: number;
  plays: number;
  played_at: number | null;
  edited: number;
};

/** In dB, as the contract has it. */
const MOST_GAIN = 60;

/** Whose tracks this person may take off the list. */
export type MayRemove = 'none' | 'own';

function whole(value: number | null, most: number): number | null {
  return value === null ? null : Math.floor(within(value, most));
}

function trackView(context: StoreContext, row: TrackRow, mayRemove: MayRemove): TrackView | null {
  const url = mediaUrl('file', context.tag, row.id);
  if (url === null) return null;
  const { id, artist, album, genre, shared_by: sharedBy } = row;
  return {
    id,
    title: text(row.title),
    artist,
    album,
    artistKey: row.artist_key,
    albumKey: row.album_key,
    genre,
    year: row.year === null ? null : Math.floor(between(row.year, -9999, 9999)),
    trackNumber: whole(row.track_number, MOST.count),
    duration: within(row.duration, MOST.seconds),
    size: Math.floor(within(row.size, MOST.bytes)),
    mimeType: text(row.mime_type),
    url,
    coverUrl: row.cover === 1 ? mediaUrl('cover', context.tag, id) : null,
    gain: row.gain === null ? null : between(row.gain, -MOST_GAIN, MOST_GAIN),
    sharedBy: sharedBy === null ? null : { id: sharedBy, name: personName(context, sharedBy) },
    addedAt: row.added_at === null ? null : moment(row.added_at),
    state: row.cached === 1 ? 'cached' : 'remote',
    plays: Math.floor(within(row.plays, MOST.count)),
    lastPlayedAt: row.played_at === null ? null : moment(row.played_at),
    edited: row.edited === 1,
    removable: mayRemove === 'own' && sharedBy === context.me,
  };
}

/** The tracks of these rows, in their order. */
export function trackViews(context: StoreContext, rows: readonly number[], mayRemove: MayRemove): TrackView[] {
  const found = context.sql.all<TrackRow>(
    `SELECT ${COLUMNS} FROM ${TRACKS} WHERE t.row IN (SELECT value FROM json_each(?))`,
    JSON.stringify(rows),
  );
  const byRow = new Map(found.map((row) => [row.row, row]));
  return rows.flatMap((row) => {
    const known = byRow.get(row);
    return known ? (trackView(context, known, mayRemove) ?? []) : [];
  });
}

/** One track; null when it is not in the library. */
export function oneTrack(context: StoreContext, id: string, mayRemove: MayRemove): TrackView | null {
  const found = context.sql.get<{ row: number }>('SELECT row FROM tracks WHERE id = ?', id);
  return found ? (trackViews(context, [found.row], mayRemove)[0] ?? null) : null;
}

/** How many tracks the library has. */
export function trackTotal(context: StoreContext): number {
  return context.sql.get<{ total: number }>('SELECT count(*) AS total FROM tracks')?.total ?? 0;
}

/** The number of the library's state: lists that were made of an earlier one are void. */
export function libraryVersion(context: StoreContext): string {
  return readMeta(context.sql, 'music') ?? '0';
}

/** The library has changed. */
export function noteLibraryChange(context: StoreContext): void {
  writeMeta(context.sql, 'music', String(Number(libraryVersion(context)) + 1));
}

/** What the server told of a track, as it is kept. */
interface Said extends TrackWords {
  year: number | null;
  trackNumber: number | null;
  duration: number;
  size: number;
  mimeType: string;
  cover: boolean;
  gain: number | null;
  sharedBy: string | null;
  addedAt: number | null;
}

/** Only a cover of the track's own file is shown: no address of the server's choice is fetched. */
function hasCover({ fileId, coverUrl }: Track): boolean {
  return coverUrl?.endsWith(`/api/files/${fileId}?variant=cover`) ?? false;
}

/** @param now dates from the future are cut here. */
function saidOf(track: Track, now: number): Said {
  const added = millis(track.createdAt, 0);
  return {
    title: shownWord(track.title) ?? track.fileId,
    artist: shownWord(track.artist),
    album: shownWord(track.album),
    genre: shownWord(track.genre),
    year: track.year ?? null,
    trackNumber: track.trackNumber ?? null,
    duration: track.duration,
    size: track.size,
    mimeType: track.mimeType,
    cover: hasCover(track),
    gain: track.gain ?? null,
    sharedBy: track.uploadedBy ?? null,
    addedAt: added === 0 ? null : Math.min(added, now),
  };
}

/** The stored words of the server, for an edit. */
export function saidWords(json: string): TrackWords {
  const said = JSON.parse(json) as Said;
  return { title: said.title, artist: said.artist, album: said.album, genre: said.genre };
}

/** The stored edit of a track; empty when there is none or it is invalid. */
export function storedEdit(context: StoreContext, id: string): TrackEdit {
  const json = context.sql.get<{ edit: string | null }>('SELECT edit FROM track_marks WHERE id = ?', id)?.edit;
  if (json === undefined || json === null) return {};
  try {
    const edit: unknown = JSON.parse(json);
    return typeof edit === 'object' && edit !== null ? edit : {};
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}

/** Writes the words that are shown, and what follows from them. */
export function showWords(context: StoreContext, id: string, shown: TrackWords): void {
  const keys = keysOf(shown);
  context.sql.run(
    `UPDATE tracks SET title = ?, artist = ?, album = ?, genre = ?, title_key = ?, artist_key = ?, album_name = ?,
       album_key = ?, words = ? WHERE id = ?`,
    shown.title,
    shown.artist,
    shown.album,
    shown.genre,
    keys.titleKey,
    keys.artistKey,
    keys.albumName,
    keys.albumName,
    keys.words,
    id,
  );
}

/** Stores what the server told of a track. @returns whether that is anything new. */
export function storeTrack(context: StoreContext, track: Track, now: number): boolean {
  const said = saidOf(track, now);
  const json = JSON.stringify(said);
  const id = track.fileId;
  const known = context.sql.get<{ said: string }>('SELECT said FROM tracks WHERE id = ?', id);
  if (known?.said === json) return false;
  context.sql.run(
    `INSERT INTO tracks (id, said, title, year, track_number, duration, size, mime_type, cover, gain, shared_by, added_at,
       title_key, words, cache_name)
     VALUES (?, ?, '', ?, ?, ?, ?, ?, ?, ?, ?, ?, '', '', ?)
     ON CONFLICT (id) DO UPDATE SET said = excluded.said, year = excluded.year, track_number = excluded.track_number,
       duration = excluded.duration, size = excluded.size, mime_type = excluded.mime_type, cover = excluded.cover,
       gain = excluded.gain, shared_by = excluded.shared_by, added_at = excluded.added_at`,
    id,
    json,
    said.year,
    said.trackNumber,
    said.duration,
    said.size,
    said.mimeType,
    Number(said.cover),
    said.gain,
    said.sharedBy,
    said.addedAt,
    cacheName(context.tag, mediaKey(id, null)),
  );
  showWords(context, id, editedWords(said, storedEdit(context, id)));
  return true;
}

/**
 * Albums by their name alone: a compilation names many artists and is one album. Where several artists have several
 * tracks each, and the same numbers among them, these are albums of the same name.
 */
export function regroup(context: StoreContext): void {
  const { sql } = context;
  const split = sql.all<{ name: string }>(
    `SELECT album_name AS name FROM tracks WHERE album_name IN (
       SELECT album_name FROM tracks WHERE album_name IS NOT NULL AND track_number IS NOT NULL
       GROUP BY album_name, track_number HAVING count(DISTINCT artist_key) > 1)
     GROUP BY album_name HAVING count(*) >= 2 * count(DISTINCT artist_key)`,
  );
  const names = JSON.stringify(split.map(({ name }) => name));
  const key = `CASE WHEN album_name IN (SELECT value FROM json_each(?)) THEN album_name || char(31) || coalesce(artist_key, '')
    ELSE album_name END`;
  sql.run(
    `UPDATE tracks SET album_key = ${key} WHERE album_name IS NOT NULL AND album_key IS NOT ${key}`,
    names,
    names,
  );
}
