/**
 * Files of the server on this disk, up to a number of bytes in all: what was used longest ago goes first, and what is
 * being read stays. The names are hashes, one folder for each account. Only complete files outlive a run.
 */
import { mkdir, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheName } from '../../lib/cache-name.ts';
import { Emitter, errorName } from '../../lib/emitter.ts';
import type { Clock, Disposer, Logger } from '../ports.ts';
import { CachedFile, type CacheRoom, type FileFacts } from './cached-file.ts';
import { systemCode, withFile } from './file-source.ts';
import { sniff, SNIFFED_BYTES } from './sniff.ts';

/** What is not complete. */
const PART = '.part';
/** Milliseconds between two notes on the disk of when a file was used. */
const TOUCH_MS = 60_000;
const NAME = /^[0-9a-f]{40}$/;

/** For a file of which nothing can be stored. */
const NO_ROOM: CacheRoom = { take: () => false, failed: () => undefined, completed: () => Promise.resolve() };

export interface MediaCacheOptions {
  folder: string;
  /** The most bytes on the disk, until `setLimit`. */
  limit: number;
  clock: Clock;
  logger: Logger;
}

export class MediaCache {
  readonly #options: MediaCacheOptions;
  /** By account tag and name. */
  readonly #files = new Map<string, CachedFile>();
  readonly #touched = new Map<string, number>();
  #uses = 0;
  #bytes = 0;
  #ready: Promise<void> | null = null;
  #limit: number;
  readonly #changed: Emitter<[tag: string, name: string, isHere: boolean]>;

  constructor(options: MediaCacheOptions) {
    this.#options = options;
    this.#limit = options.limit;
    this.#changed = new Emitter('media.changed', options.logger);
  }

  /** A file is here as a whole now, or is not any more; `name` as lib/cache-name.ts makes it. */
  onChanged(run: (tag: string, name: string, isHere: boolean) => void): Disposer {
    return this.#changed.on(run);
  }

  /** The names of an account's files that are here as a whole. */
  async names(tag: string): Promise<string[]> {
    await this.#opened();
    const start = `${tag}/`;
    return [...this.#files].flatMap(([name, file]) =>
      file.isComplete && !file.isDropped && name.startsWith(start) ? [name.slice(start.length)] : [],
    );
  }

  /** Bytes on the disk, with those of earlier runs, and the most there may be. */
  async usage(): Promise<{ used: number; limit: number }> {
    await this.#opened();
    return { used: this.#bytes, limit: this.#limit };
  }

  /** The most bytes from now on: what was used longest ago goes if there are more. */
  async setLimit(bytes: number): Promise<void> {
    this.#limit = bytes;
    await this.#opened();
    this.#take('', 0);
  }

  /** Bytes on the disk: of complete files, and of what there is of others. */
  get bytes(): number {
    return this.#bytes;
  }

  /** The file of that key, if any of it is here. @param tag of the account. */
  async find(tag: string, key: string): Promise<CachedFile | null> {
    await this.#opened();
    const name = keyOf(tag, key);
    const file = this.#files.get(name);
    if (!file || file.isDropped) return null;
    this.#use(name, file);
    return file;
  }

  /** A file of which nothing is here, or other bytes: its blocks are stored from now on. */
  async begin(tag: string, key: string, facts: FileFacts): Promise<CachedFile> {
    await this.#opened();
    const name = keyOf(tag, key);
    const known = this.#files.get(name);
    if (known && !known.isDropped && sameFacts(known.facts, facts)) return known;
    if (known) await this.#drop(name, known);
    try {
      await mkdir(join(this.#options.folder, tag), { recursive: true, mode: 0o700 });
    } catch (error) {
      this.#options.logger.warn('media.not_cached', { system: systemCode(error) });
      return new CachedFile('', facts, NO_ROOM);
    }
    const file: CachedFile = new CachedFile(
      this.#path(name) + PART,
      facts,
      this.#roomOf(name, () => file),
    );
    this.#files.set(name, file);
    this.#use(name, file);
    return file;
  }

  /** It is not what the server has. */
  async drop(tag: string, key: string): Promise<void> {
    const name = keyOf(tag, key);
    const file = this.#files.get(name);
    if (file) await this.#drop(name, file);
  }

  /** Deletes everything of an account, or all there is. */
  async clear(tag?: string): Promise<void> {
    await this.#opened();
    const dropped = [...this.#files].filter(([name]) => tag === undefined || name.startsWith(`${tag}/`));
    await Promise.all(dropped.map(([name, file]) => this.#drop(name, file)));
    await this.#remove(tag === undefined ? this.#options.folder : join(this.#options.folder, tag));
  }

  /** Closes what is open. What is not complete is deleted by the next start. */
  async close(): Promise<void> {
    await Promise.all([...this.#files.values()].map((file) => file.close()));
  }

  #roomOf(name: string, file: () => CachedFile): CacheRoom {
    return {
      take: (bytes) => this.#take(name, bytes),
      failed: (error) => {
        this.#options.logger.warn('media.not_cached', { system: systemCode(error) });
        void this.#drop(name, file());
      },
      completed: async () => {
        await file().close();
        const path = this.#path(name);
        await rename(file().path, path);
        file().path = path;
        this.#tell(name, true);
      },
    };
  }

  #use(name: string, file: CachedFile): void {
    this.#uses += 1;
    file.usedAt = this.#uses;
    const now = this.#options.clock.monotonic();
    if (!file.isComplete || now - (this.#touched.get(name) ?? Number.NEGATIVE_INFINITY) < TOUCH_MS) return;
    this.#touched.set(name, now);
    const time = new Date(this.#options.clock.now());
    utimes(file.path, time, time).catch((error: unknown) => {
      // The order of the next run is a little older.
      this.#options.logger.debug('media.not_touched', { system: systemCode(error) });
    });
  }

  /** Makes room: what was used longest ago goes, unless somebody reads it. */
  #take(name: string, bytes: number): boolean {
    const limit = this.#limit;
    if (this.#bytes + bytes <= limit) {
      this.#bytes += bytes;
      return true;
    }
    // Some room beyond it, so that the next block need not look again.
    const target = limit - limit / 16;
    const byUse = [...this.#files].sort(([, a], [, b]) => a.usedAt - b.usedAt);
    for (const [other, file] of byUse) {
      if (this.#bytes + bytes <= target) break;
      if (other !== name && file.readers === 0) void this.#drop(other, file);
    }
    if (this.#bytes + bytes > limit) return false;
    this.#bytes += bytes;
    return true;
  }

  #tell(name: string, isHere: boolean): void {
    const [tag = '', own = ''] = name.split('/');
    this.#changed.emit(tag, own, isHere);
  }

  async #drop(name: string, file: CachedFile): Promise<void> {
    if (this.#files.get(name) === file) {
      this.#files.delete(name);
      this.#touched.delete(name);
      this.#bytes -= file.bytes;
      if (file.isComplete) this.#tell(name, false);
    }
    file.isDropped = true;
    file.bytes = 0;
    if (file.readers === 0) await file.close();
    await this.#remove(file.path);
  }

  async #remove(path: string): Promise<void> {
    try {
      await rm(path, { recursive: true, force: true, maxRetries: 3 });
    } catch (error) {
      this.#options.logger.warn('media.not_removed', { error: errorName(error) });
    }
  }

  #path(name: string): string {
    return join(this.#options.folder, ...name.split('/'));
  }

  /** Reads what earlier runs have left, once, when the first file is asked for. */
  #opened(): Promise<void> {
    this.#ready ??= this.#open();
    return this.#ready;
  }

  async #open(): Promise<void> {
    const found: { name: string; file: CachedFile; time: number }[] = [];
    for (const tag of await this.#names(this.#options.folder)) {
      for (const name of await this.#names(join(this.#options.folder, tag))) {
        const path = join(this.#options.folder, tag, name);
        const known = NAME.test(name) ? await this.#known(path, `${tag}/${name}`) : null;
        if (known) found.push(known);
        else await this.#remove(path);
      }
    }
    found.sort((a, b) => a.time - b.time);
    for (const { name, file } of found) {
      this.#files.set(name, file);
      this.#uses += 1;
      file.usedAt = this.#uses;
      this.#bytes += file.bytes;
    }
    // The limit may be another one now.
    this.#take('', 0);
  }

  async #known(path: string, name: string): Promise<{ name: string; file: CachedFile; time: number } | null> {
    try {
      const { mtimeMs } = await stat(path);
      const facts = await withFile(path, async ({ identity, read }) => {
        const head = await read(0, Math.min(SNIFFED_BYTES, identity.size));
        return { size: identity.size, type: sniff(head) ?? 'application/octet-stream', etag: null };
      });
      const file: CachedFile = CachedFile.whole(
        path,
        facts,
        this.#roomOf(name, () => file),
      );
      return { name, file, time: mtimeMs };
    } catch (error) {
      this.#options.logger.warn('media.unreadable', { error: errorName(error) });
      return null;
    }
  }

  async #names(folder: string): Promise<string[]> {
    try {
      return await readdir(folder);
    } catch (error) {
      // Nothing was cached yet; or it is no folder.
      if (systemCode(error) !== 'ENOENT') this.#options.logger.warn('media.not_listed', { system: systemCode(error) });
      return [];
    }
  }
}

function keyOf(tag: string, key: string): string {
  return `${tag}/${cacheName(tag, key)}`;
}

function sameFacts(a: FileFacts, b: FileFacts): boolean {
  return a.size === b.size && a.etag === b.etag;
}
