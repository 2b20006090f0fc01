/** What happens to the library: the server tells of it, and this person plays and names its tracks. */
import type { Track } from '#contract/api/track.ts';
import type { User } from '#contract/api/user.ts';
import type { TrackView } from '#contract/ipc/music-views.ts';
import { editedWords, mergedEdit, type TrackEdit } from '../../../lib/track-words.ts';
import { eachAlone } from '../changes.ts';
import type { StoreContext } from '../context.ts';
import { readMeta, writeMeta } from '../meta.ts';
import { upsertPerson } from '../people.ts';
import {
  type MayRemove,
  noteLibraryChange,
  oneTrack,
  regroup,
  saidWords,
  showWords,
  storedEdit,
  storeTrack,
  trackTotal,
} from '../track-rows.ts';
import { number } from '../values.ts';

/** Stores tracks of the server. @returns the ids of those that are new or different now. */
export function takeTracks(context: StoreContext, input: { tracks: Track[]; now: number }): { changed: string[] } {
  return context.sql.transaction(() => {
    const changed: string[] = [];
    eachAlone(context, input.tracks, (track) => {
      if (storeTrack(context, track, input.now)) changed.push(track.fileId);
    });
    if (changed.length > 0) noteLibraryChange(context);
    return { changed };
  });
}

/** The whole list has been read: what is not on it any more disappears. */
export function keepTracks(
  context: StoreContext,
  input: { ids: string[]; now: number },
): { removed: number; total: number } {
  return context.sql.transaction(() => {
    const removed = context.sql.run(
      'DELETE FROM tracks WHERE id NOT IN (SELECT value FROM json_each(?))',
      JSON.stringify(input.ids),
    );
    regroup(context);
    noteLibraryChange(context);
    writeMeta(context.sql, 'music_read_at', String(input.now));
    return { removed, total: trackTotal(context) };
  });
}

/** Stores one track that was listed just now. */
export function addTrack(
  context: StoreContext,
  input: { track: Track; mayRemove: MayRemove; now: number },
): { track: TrackView | null; total: number } {
  return context.sql.transaction(() => {
    storeTrack(context, input.track, input.now);
    regroup(context);
    noteLibraryChange(context);
    return { track: oneTrack(context, input.track.fileId, input.mayRemove), total: trackTotal(context) };
  });
}

/** A track was taken off the list. */
export function dropTrack(context: StoreContext, input: { id: string }): { total: number } {
  return context.sql.transaction(() => {
    context.sql.run('DELETE FROM tracks WHERE id = ?', input.id);
    regroup(context);
    noteLibraryChange(context);
    return { total: trackTotal(context) };
  });
}

/** When the whole list was read last, in milliseconds since the epoch; null: never. */
export function libraryReadAt(context: StoreContext, _input: Record<never, never>): number | null {
  const stored = readMeta(context.sql, 'music_read_at');
  return stored === null ? null : number(Number(stored));
}

export function libraryTotal(context: StoreContext, _input: Record<never, never>): number {
  return trackTotal(context);
}

/** One track; null when it is not in the library. */
export function track(context: StoreContext, input: { id: string; mayRemove: MayRemove }): TrackView | null {
  return oneTrack(context, input.id, input.mayRemove);
}

function setEdit(context: StoreContext, id: string, edit: TrackEdit | null): void {
  context.sql.run(
    'INSERT INTO track_marks (id, edit) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET edit = excluded.edit',
    id,
    edit && JSON.stringify(edit),
  );
}

/** Changes how a track is called here; a null change undoes all edits. Null when it is not in the library. */
export function editTrack(
  context: StoreContext,
  input: { id: string; change: TrackEdit | null; mayRemove: MayRemove },
): TrackView | null {
  const { id, change } = input;
  return context.sql.transaction(() => {
    const known = context.sql.get<{ said: string }>('SELECT said FROM tracks WHERE id = ?', id);
    if (!known) return null;
    const said = saidWords(known.said);
    const edit = change && mergedEdit(said, storedEdit(context, id), change);
    setEdit(context, id, edit);
    showWords(context, id, editedWords(said, edit ?? {}));
    regroup(context);
    noteLibraryChange(context);
    return oneTrack(context, id, input.mayRemove);
  });
}

/** A track was heard. False when it is not in the library. */
export function notePlay(context: StoreContext, input: { id: string; now: number }): boolean {
  return context.sql.transaction(() => {
    if (!context.sql.get('SELECT row FROM tracks WHERE id = ?', input.id)) return false;
    context.sql.run(
      `INSERT INTO track_marks (id, plays, played_at) VALUES (?, 1, ?)
       ON CONFLICT (id) DO UPDATE SET plays = plays + 1, played_at = excluded.played_at`,
      input.id,
      input.now,
    );
    noteLibraryChange(context);
    return true;
  });
}

/** Files that came into the cache, or left it. @returns the tracks that they are. */
export function setCached(context: StoreContext, input: { names: string[]; cached: boolean }): string[] {
  return context.sql.transaction(() => {
    const changed = context.sql.all<{ id: string }>(
      'UPDATE tracks SET cached = ? WHERE cached <> ? AND cache_name IN (SELECT value FROM json_each(?)) RETURNING id',
      Number(input.cached),
      Number(input.cached),
      JSON.stringify(input.names),
    );
    if (changed.length > 0) noteLibraryChange(context);
    return changed.map(({ id }) => id);
  });
}

/** All files that are in the cache. @returns the tracks whose state was another one. */
export function adoptCache(context: StoreContext, input: { names: string[] }): string[] {
  return context.sql.transaction(() => {
    const names = JSON.stringify(input.names);
    const changed = context.sql.all<{ id: string }>(
      `UPDATE tracks SET cached = 1 - cached
       WHERE cached <> (cache_name IN (SELECT value FROM json_each(?))) RETURNING id`,
      names,
    );
    if (changed.length > 0) noteLibraryChange(context);
    return changed.map(({ id }) => id);
  });
}

/** Those who shared tracks and whose names are not known here. */
export function unknownSharers(context: StoreContext, input: { limit: number }): string[] {
  return context.sql
    .all<{ id: string }>(
      'SELECT DISTINCT shared_by AS id FROM tracks WHERE shared_by NOT IN (SELECT id FROM users) LIMIT 0 + ?',
      input.limit,
    )
    .map(({ id }) => id);
}

/** Stores what the server tells of people. */
export function takePeople(context: StoreContext, input: { users: User[] }): null {
  context.sql.transaction(() => eachAlone(context, input.users, (user) => void upsertPerson(context, user)));
  return null;
}

/** A stored waveform, or the one that came with a message; `whole` false for the latter. */
export function storedPeaks(context: StoreContext, input: { id: string }): { peaks: number[]; whole: boolean } | null {
  const { sql } = context;
  const own = sql.get<{ peaks: string }>('SELECT peaks FROM waveforms WHERE id = ?', input.id);
  const found =
    own ??
    sql.get<{ peaks: string }>('SELECT peaks FROM attachments WHERE id = ? AND peaks IS NOT NULL LIMIT 1', input.id);
  if (!found) return null;
  return { peaks: JSON.parse(found.peaks) as number[], whole: own !== undefined };
}

export function savePeaks(context: StoreContext, input: { id: string; peaks: number[] }): null {
  context.sql.run('INSERT OR REPLACE INTO waveforms (id, peaks) VALUES (?, ?)', input.id, JSON.stringify(input.peaks));
  return null;
}
