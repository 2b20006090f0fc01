/** The music library. */
import { afterPrefix } from '../../folding.ts';
import type { TrackRow } from '../../records.ts';
import type { Database } from '../../storage/database.ts';
import { int, intOrNull, text, textOrNull, type Row } from '../../storage/rows.ts';
import type { TrackKeys, Tracks, TrackSort } from '../ports.ts';

function toTrack(row: Row): TrackRow {
  return {
    fileId: text(row, 'file_id'),
    uploadedBy: text(row, 'uploaded_by'),
    title: text(row, 'title'),
    artist: textOrNull(row, 'artist'),
    album: textOrNull(row, 'album'),
    year: intOrNull(row, 'year'),
    genre: textOrNull(row, 'genre'),
    trackNumber: intOrNull(row, 'track_number'),
    duration: int(row, 'duration'),
    createdAt: int(row, 'created_at'),
  };
}

/** What is unknown comes last. */
const LAST = afterPrefix('');

/** The order of each sort; the file's id decides between equals, so that pages do not overlap. */
const ORDERS: Record<TrackSort, string> = {
  title: 'title_key, file_id',
  artist: 'artist_key, album_key, COALESCE(track_number, 0), title_key, file_id',
  album: 'album_key, COALESCE(track_number, 0), title_key, file_id',
  added: 'created_at DESC, file_id DESC',
};

export function createTracks(database: Database): Tracks {
  const byId = database.prepare('SELECT * FROM tracks WHERE file_id = ?');
  const insert = database.prepare(
    `INSERT INTO tracks (file_id, uploaded_by, title, artist, album, year, genre, track_number, duration, created_at,
       title_key, artist_key, album_key, search_key)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const update = database.prepare(
    `UPDATE tracks SET title = ?, artist = ?, album = ?, year = ?, genre = ?, track_number = ?,
       title_key = ?, artist_key = ?, album_key = ?, search_key = ?
     WHERE file_id = ?`,
  );
  const remove = database.prepare('DELETE FROM tracks WHERE file_id = ?');

  /** Each word somewhere in the search key. The number of words is bounded by the caller. */
  const containing = (words: readonly string[]): string =>
    words.length === 0 ? '' : `WHERE ${words.map(() => 'instr(search_key, ?) > 0').join(' AND ')}`;

  const valuesOf = ({ title, artist, album, year, genre, trackNumber }: TrackRow) =>
    [title, artist, album, year, genre, trackNumber] as const;
  const keysOf = ({ title, artist, album, search }: TrackKeys) =>
    [title, artist ?? LAST, album ?? LAST, search] as const;

  return {
    find(fileId) {
      const row = byId.get(fileId);
      return row ? toTrack(row) : null;
    },
    insert(track, keys) {
      insert.run(track.fileId, track.uploadedBy, ...valuesOf(track), track.duration, track.createdAt, ...keysOf(keys));
    },
    update: (track, keys) => void update.run(...valuesOf(track), ...keysOf(keys), track.fileId),
    remove: (fileId) => void remove.run(fileId),
    page: ({ words, sort, limit, offset }) =>
      database
        .prepare(`SELECT * FROM tracks ${containing(words)} ORDER BY ${ORDERS[sort]} LIMIT ? OFFSET ?`)
        .all(...words, limit, offset)
        .map(toTrack),
    count(words) {
      const row = database.prepare(`SELECT COUNT(*) AS n FROM tracks ${containing(words)}`).get(...words);
      return row ? int(row, 'n') : 0;
    },
  };
}
