/** Playlists of this person, on this computer. They keep tracks that have left the library: those may come back. */
import type { PlaylistView } from '#contract/ipc/music-views.ts';
import { MOST } from '#contract/model/limits.ts';
import type { StoreContext } from '../context.ts';
import { noteLibraryChange } from '../track-rows.ts';
import { moment, text, within } from '../values.ts';

/** All playlists, by their names; with `id` that one alone. */
export function playlists(context: StoreContext, input: { id?: string }): PlaylistView[] {
  return context.sql
    .all<{ id: string; name: string; tracks: number; duration: number | null; changed_at: number }>(
      `SELECT l.id, l.name, count(t.id) AS tracks, sum(t.duration) AS duration, l.changed_at
       FROM playlists l LEFT JOIN playlist_tracks p ON p.playlist_id = l.id LEFT JOIN tracks t ON t.id = p.id
       WHERE ? IS NULL OR l.id = ? GROUP BY l.id ORDER BY folded_words(l.name), l.id`,
      input.id ?? null,
      input.id ?? null,
    )
    .map(({ id, name, tracks, duration, changed_at: changedAt }) => ({
      id,
      name: text(name),
      tracks,
      duration: within(duration, MOST.seconds),
      changedAt: moment(changedAt),
    }));
}

/** Writes a playlist as a whole. Null when it should be there already and is not. */
export function savePlaylist(
  context: StoreContext,
  input: { id: string; isNew: boolean; name: string; ids: string[]; now: number },
): PlaylistView | null {
  const { id, isNew, name, ids, now } = input;
  return context.sql.transaction(() => {
    if (!isNew && !context.sql.get('SELECT id FROM playlists WHERE id = ?', id)) return null;
    context.sql.run(
      `INSERT INTO playlists (id, name, changed_at) VALUES (?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET name = excluded.name, changed_at = excluded.changed_at`,
      id,
      name,
      now,
    );
    context.sql.run('DELETE FROM playlist_tracks WHERE playlist_id = ?', id);
    context.sql.run(
      'INSERT INTO playlist_tracks (playlist_id, n, id) SELECT ?, key, value FROM json_each(?)',
      id,
      JSON.stringify(ids),
    );
    noteLibraryChange(context);
    return playlists(context, { id })[0] ?? null;
  });
}

/** Deletes a playlist; false when there is none. */
export function deletePlaylist(context: StoreContext, input: { id: string }): boolean {
  return context.sql.transaction(() => {
    context.sql.run('DELETE FROM playlist_tracks WHERE playlist_id = ?', input.id);
    const removed = context.sql.run('DELETE FROM playlists WHERE id = ?', input.id);
    noteLibraryChange(context);
    return removed > 0;
  });
}
