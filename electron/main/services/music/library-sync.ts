/**
 * Fetches the list of the shared library and keeps the store equal to it. What was not on the list when all of it had
 * been read disappears here; a list that broke off takes nothing away.
 */
import { type AppError, ok, type Result } from '#contract/model/errors.ts';
import { LIMITS } from '#contract/model/limits.ts';
import type { AccountContext, Clock, Logger } from '../ports.ts';
import type { WriterApi } from '../store/operations.ts';

/** Rows that are stored in one go. */
const SLICE = LIMITS.trackPage.max;
/** The list may change while its pages are read: then it is read again, so often. */
const MOST_READS = 3;
/** Milliseconds for a list that comes whole. */
const WHOLE_LIST_MS = 60_000;
/** Names that are asked for after one reading. */
const MOST_NAMES = 50;

export type LibraryConnection = Pick<AccountContext, 'api' | 'has'>;

export interface LibrarySyncOptions {
  store: Pick<WriterApi, 'takeTracks' | 'keepTracks' | 'libraryTotal' | 'unknownSharers' | 'takePeople'>;
  clock: Clock;
  logger: Logger;
  /** Aborted when the account closes. */
  signal: AbortSignal;
  /** People of whom the server knows nothing: they are asked for once in a run. */
  strangers: Set<string>;
}

export interface Synced {
  total: number;
  /** Something that a screen shows is another now. */
  changed: boolean;
}

/**
 * Reads the library once.
 * @param quick ends after the first page, the newest tracks, if these and the number of all are what is stored.
 */
export async function syncLibrary(
  options: LibrarySyncOptions,
  connection: LibraryConnection,
  quick: boolean,
): Promise<Result<Synced>> {
  const read = connection.has('music')
    ? await readPages(options, connection, quick)
    : await readWhole(options, connection);
  if (!read.ok) return read;
  const hasNames = await fetchNames(options, connection);
  return ok({ total: read.value.total, changed: read.value.changed || hasNames });
}

type Read = Result<Synced>;
const failed = (error: AppError): { ok: false; error: AppError } => ({ ok: false, error });

async function readWhole({ store, clock, signal }: LibrarySyncOptions, { api }: LibraryConnection): Promise<Read> {
  const answer = await api.call('music', { query: {} }, { timeoutMs: WHOLE_LIST_MS, signal });
  if (!answer.ok) return failed(answer.error);
  const { tracks } = answer.value;
  let changed = false;
  for (let from = 0; from < tracks.length; from += SLICE) {
    const taken = await store.takeTracks({ tracks: tracks.slice(from, from + SLICE), now: clock.now() });
    changed ||= taken.changed.length > 0;
  }
  const { removed, total } = await store.keepTracks({
    ids: tracks.map(({ fileId }) => fileId),
    now: clock.now(),
  });
  return ok({ total, changed: changed || removed > 0 });
}

async function readPages(options: LibrarySyncOptions, connection: LibraryConnection, quick: boolean): Promise<Read> {
  const { store, clock, logger, signal } = options;
  const ever = new Set<string>();
  let changed = false;
  for (let read = 1; ; read += 1) {
    const seen = new Set<string>();
    const totals = new Set<number>();
    let dropped = 0;
    for (let offset = 0; ; offset += SLICE) {
      const query = { sort: 'added' as const, limit: SLICE, offset };
      const answer = await connection.api.call('music', { query }, { signal });
      if (!answer.ok) return failed(answer.error);
      const { tracks, total = 0 } = answer.value;
      totals.add(total);
      dropped += answer.dropped ?? 0;
      const taken = await store.takeTracks({ tracks, now: clock.now() });
      changed ||= taken.changed.length > 0;
      for (const { fileId } of tracks) {
        seen.add(fileId);
        ever.add(fileId);
      }
      if (quick && read === 1 && offset === 0 && taken.changed.length === 0) {
        if ((await store.libraryTotal({})) === total) return ok({ total, changed: false });
      }
      // Broken rows are left out of a page, which is not its end.
      if (offset + SLICE >= total || tracks.length + (answer.dropped ?? 0) === 0) break;
    }
    // While pages were read, a track may have left the list and drawn another one across their border.
    const isWhole = totals.size === 1 && seen.size + dropped >= Math.max(...totals);
    if (!isWhole && read < MOST_READS) continue;
    if (!isWhole) logger.info('music.list_not_whole', { seen: seen.size, totals: totals.size });
    const { removed, total } = await store.keepTracks({ ids: [...(isWhole ? seen : ever)], now: clock.now() });
    return ok({ total, changed: changed || removed > 0 });
  }
}

/** Fetches the names of those who shared something and are in no chat here. @returns whether there are new ones. */
async function fetchNames(
  { store, logger, signal, strangers }: LibrarySyncOptions,
  { api }: LibraryConnection,
): Promise<boolean> {
  const users = [];
  for (const id of await store.unknownSharers({ limit: MOST_NAMES + strangers.size })) {
    if (strangers.has(id)) continue;
    const answer = await api.call('user', { params: { id } }, { signal });
    if (answer.ok) users.push(answer.value.user);
    else if (answer.error.code === 'not_found') strangers.add(id);
    else {
      // The next reading asks again: until then the person is shown by an id.
      logger.info('music.name_unknown', { code: answer.error.code });
      break;
    }
  }
  if (users.length > 0) await store.takePeople({ users });
  return users.length > 0;
}
