/** The shared music library: sounds that their uploaders listed. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Track, UpdateTrackBody } from '#contract/api/track.ts';
import { LIMITS } from '#contract/model/limits.ts';
import { fold } from '#contract/model/search-text.ts';
import { RelayError } from '../errors.ts';
import { queryWords } from '../folding.ts';
import type { FileRow, TrackRow } from '../records.ts';
import type { Reads, TrackKeys, TrackSort, WriteQueue } from '../repositories/ports.ts';
import { fileUrl } from './file-view.ts';

/** What the library is read from. */
type Library = Pick<Reads, 'files' | 'tracks'>;

export interface MusicOptions {
  reads: Library;
  queue: WriteQueue;
  /** Whether covers are offered. */
  hasCovers: boolean;
  now: () => number;
}

export interface MusicQuery {
  q?: string | undefined;
  sort?: TrackSort | undefined;
  limit?: number | undefined;
  offset?: number | undefined;
}

/** Rows read at a time. */
const BATCH = 100;
/** More than a library has. */
const ALL = 1_000_000_000;

/** What a track is found and sorted by. */
function keysOf({ title, artist, album, genre }: TrackRow): TrackKeys {
  const keys = { title: fold(title), artist: artist && fold(artist), album: album && fold(album) };
  return { ...keys, search: fold([title, artist, album, genre].filter((text) => text !== null).join(' ')) };
}

/** What a track without a title is called: its file's name without the extension. */
export function titleOf(fileName: string): string {
  const bare = fileName
    .replace(/(?<=.)\.[A-Za-z0-9]{1,5}$/, '')
    .replaceAll('_', ' ')
    .trim();
  return [...(bare === '' ? fileName : bare)].slice(0, LIMITS.trackTitle.max).join('');
}

async function fileIn(from: Library, id: string): Promise<FileRow> {
  const file = await from.files.find(id);
  if (!file) throw new RelayError('not_found', 'There is no such file.');
  return file;
}

/** The track, if this user may change it. */
async function ownTrackIn(from: Library, asker: Asker, fileId: string): Promise<TrackRow> {
  const track = await from.tracks.find(fileId);
  if (!track) throw new RelayError('not_found', 'There is no such track.');
  if (track.uploadedBy === asker.id || asker.isAdmin) return track;
  throw new RelayError('forbidden', 'That track is somebody else’s.');
}

/** With the codec where the container alone does not say whether a player has one for it. */
const typeOf = ({ mimeType, tags }: FileRow): string =>
  tags?.codec === undefined ? mimeType : `${mimeType}; codecs="${tags.codec}"`;

export type Music = ReturnType<typeof createMusic>;

export function createMusic({ reads, queue, hasCovers, now }: MusicOptions) {
  function view(track: TrackRow, file: FileRow): Track {
    return {
      ...track,
      coverUrl: hasCovers && file.variants.includes('cover') ? `${fileUrl(file.id)}?variant=cover` : null,
      mimeType: typeOf(file),
      size: file.size,
      gain: file.tags?.gain ?? null,
      createdAt: new Date(track.createdAt).toISOString(),
    };
  }

  /** Their order at once, the rows as they are consumed; what has left the list meanwhile is left out. */
  async function* list(
    words: readonly string[],
    sort: TrackSort,
    limit: number,
    offset: number,
  ): AsyncGenerator<Track, void> {
    const ids = await reads.tracks.ids({ words, sort, limit, offset });
    // Ordering a large library takes a while by itself.
    if (ids.length > BATCH) await nextTurn();
    for (let at = 0; at < ids.length; at += BATCH) {
      const batch = ids.slice(at, at + BATCH);
      const [rows, found] = await Promise.all([reads.tracks.findAll(batch), reads.files.findAll(batch)]);
      const tracks = new Map(rows.map((row) => [row.fileId, row]));
      const files = new Map(found.map((file) => [file.id, file]));
      for (const id of batch) {
        const [row, file] = [tracks.get(id), files.get(id)];
        if (row && file) yield view(row, file);
      }
    }
  }

  return {
    /** A page of the library, or all of it; the total counts what the query matches. */
    library({ q, sort = 'added', limit, offset = 0 }: MusicQuery): {
      items: AsyncIterable<Track>;
      total: () => Promise<number>;
    } {
      const words = q === undefined ? [] : queryWords(q);
      return {
        items: list(words, sort, limit ?? ALL, offset),
        total: () => reads.tracks.count(words),
      };
    },

    /**
     * What a sound says of itself. One's own is listed from then on; those of others that one may read are not.
     * @throws RelayError `not_found`, `forbidden`, `unsupported_media`.
     */
    async extract(userId: string, fileId: string): Promise<Track> {
      return queue.run(async (tx) => {
        const file = await fileIn(tx, fileId);
        if (!(await tx.files.isReadable(fileId, userId))) {
          throw new RelayError('forbidden', 'You may not read this file.');
        }
        if (!file.mimeType.startsWith('audio/')) throw new RelayError('unsupported_media', 'The file is no sound.');
        const known = await tx.tracks.find(fileId);
        if (known) return view(known, file);
        const { title, artist, album, year, genre, trackNumber } = file.tags ?? NO_TAGS;
        const track: TrackRow = {
          ...{ artist, album, year, genre, trackNumber },
          fileId,
          title: title ?? titleOf(file.name),
          uploadedBy: file.ownerId,
          duration: file.duration ?? 0,
          createdAt: now(),
        };
        if (file.ownerId === userId) await tx.tracks.insert(track, keysOf(track));
        return view(track, file);
      });
    },

    /** @throws RelayError `not_found`, `forbidden`. */
    async update(asker: Asker, fileId: string, change: UpdateTrackBody): Promise<Track> {
      return queue.run(async (tx) => {
        const track = await ownTrackIn(tx, asker, fileId);
        const given = Object.entries(change).filter(([, value]) => value !== undefined);
        const changed: TrackRow = { ...track, ...Object.fromEntries(given) };
        await tx.tracks.update(changed, keysOf(changed));
        return view(changed, await fileIn(tx, fileId));
      });
    },

    /** Takes a track off the list; the file stays. @throws RelayError `not_found`, `forbidden`. */
    async remove(asker: Asker, fileId: string): Promise<void> {
      await queue.run(async (tx) => {
        await ownTrackIn(tx, asker, fileId);
        await tx.tracks.remove(fileId);
      });
    },
  };
}

/** Who asks, and whether with the rights of an administrator. */
export interface Asker {
  id: string;
  isAdmin: boolean;
}

const NO_TAGS = { title: null, artist: null, album: null, year: null, genre: null, trackNumber: null };
