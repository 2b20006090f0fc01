/** The shared library of one account: fetched, kept, added to, and known by what of it is on this computer. */
import type { TrackView } from '#contract/ipc/music-views.ts';
import { fail, ok, type Result } from '#contract/model/errors.ts';
import { errorName } from '../../lib/emitter.ts';
import { jitter } from '../../lib/jitter.ts';
import type { AccountSink, Clock, Disposer, Logger, Random } from '../ports.ts';
import type { WriterApi } from '../store/operations.ts';
import type { MayRemove } from '../store/track-rows.ts';
import type { UploadRecord } from '../store/upload-rows.ts';
import { Additions } from './additions.ts';
import { type LibraryConnection, type Synced, syncLibrary } from './library-sync.ts';
import { fetchWaveform } from './waveform.ts';

/** Milliseconds for which the list counts as whole after it was read: until then its newest page tells enough. */
const WHOLE_FOR_MS = 24 * 3_600_000;
/** The shortest wait until a list that could not be read is asked for again, in milliseconds. */
const LEAST_WAIT_MS = 5_000;
/** Milliseconds in which files that come into the cache are told of together. */
const TELL_MS = 200;
/** As many ids as one event may name. */
const MOST_TOLD = 500;

type Store = Pick<
  WriterApi,
  | 'takeTracks'
  | 'keepTracks'
  | 'libraryTotal'
  | 'libraryReadAt'
  | 'unknownSharers'
  | 'takePeople'
  | 'addTrack'
  | 'dropTrack'
  | 'track'
  | 'setCached'
  | 'adoptCache'
  | 'storedPeaks'
  | 'savePeaks'
  | 'knownFile'
>;

/** The cache of media, as far as the library watches it. */
export interface WatchedCache {
  names(tag: string): Promise<string[]>;
  onChanged(run: (tag: string, name: string, isHere: boolean) => void): Disposer;
}

export interface MusicOptions {
  store: Store;
  me: string;
  /** Stands for the account in the cache. */
  tag: string;
  cache: WatchedCache;
  /** The server, while it may be asked. */
  connection: () => LibraryConnection | null;
  uploads: {
    all: () => Promise<UploadRecord[]>;
    remove: (id: string) => Promise<unknown>;
    refuse: (id: string, problem: 'unsupported_media' | 'file_gone') => Promise<void>;
  };
  push: AccountSink;
  clock: Clock;
  random: Random;
  logger: Logger;
}

export class Music {
  readonly #options: MusicOptions;
  readonly #additions: Additions;
  readonly #stopWatching: Disposer;
  /** By the name in the cache. */
  #cached = new Map<string, boolean>();
  #telling: Disposer | null = null;
  #adopted: Promise<void> | null = null;
  #syncing: { quick: boolean; done: Promise<Result<Synced>> } | null = null;
  #retrying: Disposer | null = null;
  #tries = 0;
  readonly #abort = new AbortController();
  readonly #strangers = new Set<string>();

  constructor(options: MusicOptions) {
    this.#options = options;
    this.#additions = new Additions({
      ...options,
      uploads: options.uploads.all,
      remove: options.uploads.remove,
      refuse: options.uploads.refuse,
      list: (fileId) => (options.connection() ? this.#list(fileId) : null),
    });
    this.#stopWatching = options.cache.onChanged((tag, name, isHere) => {
      if (tag !== options.tag) return;
      this.#cached.set(name, isHere);
      this.#telling ??= options.clock.after(TELL_MS, () => this.#tellCached());
    });
  }

  /** Whose tracks this person may take off the list. */
  get mayRemove(): MayRemove {
    return this.#options.connection()?.has('music') ? 'own' : 'none';
  }

  /** The connection is there and what was missed has been read. */
  live(): void {
    this.#additions.wake();
    this.#tries = 0;
    this.#inBackground('sync', this.#follow());
  }

  /** Brings the list up to date, with as many attempts as it takes while there is a connection. */
  async #follow(): Promise<void> {
    const { store, clock, random, connection } = this.#options;
    this.#retrying?.();
    this.#retrying = null;
    const readAt = await store.libraryReadAt({});
    const age = readAt === null ? Number.POSITIVE_INFINITY : clock.now() - readAt;
    const read = await this.#sync(age >= 0 && age < WHOLE_FOR_MS);
    if (read.ok || this.#abort.signal.aborted || !connection()) return;
    this.#tries += 1;
    const wait = Math.max(read.error.retryAfterMs ?? 0, LEAST_WAIT_MS + jitter(this.#tries, random()));
    this.#retrying = clock.after(wait, () => this.#inBackground('sync', this.#follow()));
  }

  /** The store is another one: it has no tracks. */
  rebuilt(): void {
    this.#adopted = null;
  }

  /** Files for the library have moved on. */
  uploadsChanged(): void {
    this.#additions.wake();
  }

  /** Fetches the whole list. */
  async refresh(): Promise<Result<{ total: number }>> {
    const read = await this.#sync(false);
    return read.ok ? ok({ total: read.value.total }) : read;
  }

  /** Compares the tracks with the files that earlier runs have left, once. Nothing on the screen waits for it. */
  asked(): void {
    this.#adopted ??= this.#adopt();
  }

  /** Lists a file of one's own that the server has. */
  async add(fileId: string): Promise<Result<TrackView>> {
    if (!this.#options.connection()) return fail('unauthenticated', 'the token has ended');
    const listed = await this.#list(fileId);
    if (!listed.ok) return listed;
    const { store } = this.#options;
    const track = await store.track({ id: fileId, mayRemove: this.mayRemove });
    return track ? ok(track) : fail('forbidden', 'not listed: it is the file of somebody else');
  }

  /** Takes a track off the shared list. */
  async remove(id: string): Promise<Result<null>> {
    const { connection, store } = this.#options;
    const line = connection();
    if (!line) return fail('unauthenticated', 'the token has ended');
    if (!line.has('music')) return fail('unsupported_by_server', 'tracks cannot be taken off the list');
    const answer = await line.api.call('removeTrack', { params: { fileId: id } });
    // Somebody was faster.
    if (!answer.ok && answer.error.code !== 'not_found') return { ok: false, error: answer.error };
    const { total } = await store.dropTrack({ id });
    this.#tell(null, total);
    return ok(null);
  }

  /** The waveform of a track, or of a sound in a chat; null when there is none. */
  async peaks(id: string): Promise<Result<number[] | null>> {
    const { store, connection, logger } = this.#options;
    const stored = await store.storedPeaks({ id });
    if (stored?.whole) return ok(stored.peaks);
    const line = connection();
    if (!line?.has('files')) return ok(stored?.peaks ?? null);
    const fetched = await fetchWaveform(line, id);
    if (!fetched.ok) {
      logger.info('music.no_waveform', { code: fetched.error.code });
      return stored ? ok(stored.peaks) : fetched;
    }
    if (fetched.value === null) return ok(stored?.peaks ?? null);
    await store.savePeaks({ id, peaks: fetched.value });
    return ok(fetched.value);
  }

  /** Keeps a waveform that the page has measured; what the server has measured stays. */
  async keepPeaks(id: string, peaks: number[]): Promise<Result<null>> {
    const { store } = this.#options;
    if (!(await store.knownFile({ id }))) return fail('not_found', 'no such sound');
    const stored = await store.storedPeaks({ id });
    if (!stored?.whole) await store.savePeaks({ id, peaks });
    return ok(null);
  }

  /** These tracks have changed, and the list has not. */
  async changed(ids: string[]): Promise<void> {
    this.#tell(ids, await this.#options.store.libraryTotal({}));
  }

  async stop(): Promise<void> {
    this.#abort.abort();
    this.#stopWatching();
    this.#telling?.();
    this.#retrying?.();
    await this.#additions.stop();
    await Promise.allSettled([this.#adopted, this.#syncing?.done]);
  }

  #tell(ids: string[] | null, total: number): void {
    if (this.#abort.signal.aborted) return;
    const named = ids !== null && ids.length <= MOST_TOLD ? ids : null;
    this.#options.push.emit({ kind: 'music', ids: named, total });
  }

  async #list(fileId: string): Promise<Result<null>> {
    const { connection, store, me, clock } = this.#options;
    const line = connection();
    if (!line) return fail('unauthenticated', 'the token has ended');
    const answer = await line.api.call('extractMetadata', { body: { fileId } }, { signal: this.#abort.signal });
    if (!answer.ok) return { ok: false, error: answer.error };
    const { metadata } = answer.value;
    if (metadata.uploadedBy !== me) {
      // The server tells what the file of somebody else says, without listing it; or it does not say whose it is.
      const read = await this.#sync(false);
      return read.ok ? ok(null) : read;
    }
    const { total } = await store.addTrack({ track: metadata, mayRemove: this.mayRemove, now: clock.now() });
    this.#tell(null, total);
    return ok(null);
  }

  /** One reading at a time; whoever wants the whole list waits for a reading of all of it. */
  async #sync(quick: boolean): Promise<Result<Synced>> {
    const running = this.#syncing;
    if (running && (quick || !running.quick)) return running.done;
    await running?.done;
    // Others may have waited for the same.
    if (this.#syncing) return this.#sync(quick);
    const done = this.#read(quick).finally(() => (this.#syncing = null));
    this.#syncing = { quick, done };
    return done;
  }

  async #read(quick: boolean): Promise<Result<Synced>> {
    const { connection, clock, logger } = this.#options;
    const line = connection();
    if (!line) return fail('unauthenticated', 'the token has ended');
    const started = clock.monotonic();
    const read = await syncLibrary(
      { ...this.#options, signal: this.#abort.signal, strangers: this.#strangers },
      line,
      quick,
    );
    const took = Math.round(clock.monotonic() - started);
    if (!read.ok) {
      logger.info('music.not_read', { code: read.error.code, took });
      return read;
    }
    const { total, changed } = read.value;
    logger.info('music.read', { total, changed, quick, took });
    // Tracks that are new may have been in the cache before.
    if (changed) this.#adopted = this.#adopt();
    if (changed) this.#tell(null, total);
    return read;
  }

  async #adopt(): Promise<void> {
    const { store, cache, tag, logger } = this.#options;
    try {
      const changed = await store.adoptCache({ names: await cache.names(tag) });
      if (changed.length > 0) await this.changed(changed);
    } catch (error) {
      logger.warn('music.cache_not_adopted', { error: errorName(error) });
      this.#adopted = null;
    }
  }

  #tellCached(): void {
    this.#telling = null;
    const told = [...this.#cached];
    this.#cached = new Map();
    const { store } = this.#options;
    const named = (isHere: boolean): string[] => told.filter(([, here]) => here === isHere).map(([name]) => name);
    const noted = Promise.all([
      store.setCached({ names: named(true), cached: true }),
      store.setCached({ names: named(false), cached: false }),
    ]).then(async (changed) => {
      const ids = changed.flat();
      if (ids.length > 0) await this.changed(ids);
    });
    this.#inBackground('cached', noted);
  }

  #inBackground(what: string, work: Promise<unknown>): void {
    work.catch((error: unknown) => {
      if (!this.#abort.signal.aborted)
        this.#options.logger.error('music.step_failed', { what, error: errorName(error) });
    });
  }
}
