/**
 * Saves files of one account to folders of the user: with progress, from the server or from what is on the disk already,
 * continued where the line broke. A file is never opened, and one that was not asked for is never saved.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { DownloadView } from '#contract/ipc/file-views.ts';
import { type ErrorCode, fail, ok, type Result } from '#contract/model/errors.ts';
import { saveName } from '../../lib/file-names.ts';
import { errorName } from '../../lib/emitter.ts';
import { jitter } from '../../lib/jitter.ts';
import { TransferFailed } from '../../lib/transfer-failed.ts';
import type { AccountContext, AccountSink, Clock, FilesSystem, Logger, Random } from '../ports.ts';
import { systemCode } from './file-source.ts';
import { SavedFile } from './saved-file.ts';
import { newUploadId } from './staging.ts';
import { rest, ThrottledTeller, transferProblem } from './transfer-work.ts';

/** Attempts without a new byte after which it has failed. */
const MOST_TRIES = 6;
/** Downloads that the page is told of; the oldest that have ended go first. */
const MOST_TOLD = 100;

/** Failures that another attempt may mend. */
const PASSING: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'offline',
  'server_unreachable',
  'server_timeout',
  'server_error',
  'server_closing',
  'rate_limited',
  'busy',
  'bad_answer',
]);

export interface DownloadsOptions {
  clock: Clock;
  random: Random;
  logger: Logger;
  push: AccountSink;
  system: FilesSystem;
  connection: () => Pick<AccountContext, 'api'> | null;
  /** A file of a message that is stored here; null when there is none. */
  knownFile: (id: string) => Promise<{ name: string; size: number } | null>;
  /** All of its bytes, if they are on this disk; null otherwise. */
  cached: (id: string) => Promise<AsyncIterable<Uint8Array> | null>;
}

/** Which bytes of a file have come: as the server tags them. */
interface Version {
  etag: string | null;
}

interface Running {
  view: DownloadView;
  abort: AbortController;
  done: Promise<string | null>;
}

export class Downloads {
  readonly #options: DownloadsOptions;
  readonly #all = new Map<string, Running>();
  /** Where files were saved in this run, by their id. */
  readonly #saved = new Map<string, string>();
  readonly #teller: ThrottledTeller;

  constructor(options: DownloadsOptions) {
    this.#options = options;
    const { clock, push } = options;
    this.#teller = new ThrottledTeller(clock, () => push.emit({ kind: 'downloads', downloads: this.list() }));
  }

  /** This run's downloads, oldest first. */
  list(): DownloadView[] {
    return [...this.#all.values()].map(({ view }) => view);
  }

  /** Asks for a place and saves a file there; null when the user asks for none. */
  async save(fileId: string, name: string): Promise<Result<{ downloadId: string } | null>> {
    const { system, knownFile } = this.#options;
    const known = await knownFile(fileId);
    if (!known) return fail('not_found', 'no such file');
    const path = await system.askPlace(saveName(name === '' ? known.name : name));
    if (path === null) return ok(null);
    return ok({ downloadId: this.#begin(fileId, path, known.size).view.id });
  }

  /** Ends one; what had come of it is deleted. */
  cancel(downloadId: string): Result<null> {
    const running = this.#all.get(downloadId);
    if (!running) return fail('not_found', 'no such download');
    running.abort.abort();
    return ok(null);
  }

  /** Shows where a file was saved; saves it to the folder for downloads if it was not, or is not there any more. */
  async showInFolder(fileId: string): Promise<Result<null>> {
    const { system, knownFile } = this.#options;
    const saved = this.#saved.get(fileId);
    if (saved !== undefined && existsSync(saved)) {
      system.showInFolder(saved);
      return ok(null);
    }
    const known = await knownFile(fileId);
    if (!known) return fail('not_found', 'no such file');
    const running = this.#begin(fileId, join(system.downloadsFolder(), saveName(known.name)), known.size);
    const path = await running.done;
    if (path === null) return fail(running.view.problem ?? 'cancelled', 'not saved');
    system.showInFolder(path);
    return ok(null);
  }

  /** Ends all of them. */
  async close(): Promise<void> {
    this.#teller.close();
    for (const { abort } of this.#all.values()) abort.abort();
    await Promise.allSettled([...this.#all.values()].map(({ done }) => done));
  }

  #begin(fileId: string, path: string, size: number): Running {
    const id = newUploadId();
    const name = path.split(/[\\/]/).at(-1) ?? '';
    const view: DownloadView = { id, fileId, name, size, got: 0, state: 'running', problem: null };
    const running: Running = { view, abort: new AbortController(), done: Promise.resolve(null) };
    this.#all.set(id, running);
    for (const [other, { view: old }] of this.#all) {
      if (this.#all.size <= MOST_TOLD) break;
      if (old.state !== 'running') this.#all.delete(other);
    }
    running.done = this.#run(running, path);
    this.#teller.tell();
    return running;
  }

  #set(running: Running, more: Partial<DownloadView>): void {
    running.view = { ...running.view, ...more };
    this.#teller.tell();
  }

  async #run(running: Running, wanted: string): Promise<string | null> {
    const { logger, system } = this.#options;
    const { fileId } = running.view;
    let file: SavedFile | null = null;
    try {
      file = await SavedFile.begin(wanted);
      await this.#fill(running, file);
      running.abort.signal.throwIfAborted();
      const path = await file.finish(system.marksOfTheWeb);
      this.#saved.set(fileId, path);
      this.#set(running, { state: 'done', got: file.size, name: path.split(/[\\/]/).at(-1) ?? '' });
      return path;
    } catch (error) {
      await file?.discard().catch((problem: unknown) => {
        logger.warn('downloads.part_left', { system: systemCode(problem) });
      });
      if (running.abort.signal.aborted) this.#set(running, { state: 'cancelled' });
      else {
        const { code } = transferProblem(error);
        logger.info('downloads.failed', { code, error: errorName(error) });
        this.#set(running, { state: 'failed', problem: code });
      }
      return null;
    }
  }

  /** Writes all bytes: from the disk, or from the server in as many attempts as bring something. */
  async #fill(running: Running, file: SavedFile): Promise<void> {
    const { cached, clock, random } = this.#options;
    const { signal } = running.abort;
    const { fileId } = running.view;
    const here = await cached(fileId);
    if (here) {
      await this.#copy(running, file, here);
      return;
    }
    const version: Version = { etag: null };
    for (let tries = 1; ; tries += 1) {
      const before = file.size;
      try {
        await this.#fetch(running, file, version);
        return;
      } catch (error) {
        signal.throwIfAborted();
        const { code } = transferProblem(error);
        if (file.size > before) tries = 0;
        if (!(error instanceof TransferFailed) || !PASSING.has(code) || tries >= MOST_TRIES) throw error;
        await rest(clock, jitter(Math.max(tries, 1), random()), signal);
      }
    }
  }

  async #fetch(running: Running, file: SavedFile, version: Version): Promise<void> {
    const connection = this.#options.connection();
    if (!connection) throw new TransferFailed('unauthenticated', 'no token');
    const { signal } = running.abort;
    // Without a tag nobody can tell whether it is still the same file.
    if (version.etag === null && file.size > 0) await file.restart();
    const start = file.size;
    const answer = await connection.api.download(
      'download',
      { params: { id: running.view.fileId } },
      { signal, ...(start > 0 && version.etag !== null ? { range: { start }, ifRange: version.etag } : {}) },
    );
    if (!answer.ok) throw new TransferFailed(answer.error.code, answer.error.message);
    const download = answer.value;
    // The server sent all of it, since it is another file by now, or since it knows no parts.
    if (download.start !== start) await file.restart();
    if (download.size !== null) this.#set(running, { size: download.size });
    version.etag = download.etag;
    await this.#copy(running, file, download.body);
  }

  async #copy(running: Running, file: SavedFile, body: AsyncIterable<Uint8Array>): Promise<void> {
    for await (const piece of body) {
      running.abort.signal.throwIfAborted();
      await file.append(piece);
      this.#set(running, { got: Math.min(file.size, running.view.size) });
    }
  }
}
