/**
 * Files that the page makes: pasted pictures, recordings, pictures scaled down or cropped. They come in pieces and are
 * collected in a folder that only this user can read, under names that say nothing.
 */
import { type FileHandle, mkdir, open, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type AppError, type ErrorCode, fail, ok, type Result } from '#contract/model/errors.ts';
import { MAX_STAGED_BYTES } from '#contract/model/limits.ts';
import { diskProblem } from '../../lib/disk-problem.ts';
import type { Clock, Disposer, Logger } from '../ports.ts';
import { systemCode } from './file-source.ts';
import { newUploadId } from './staging.ts';

/** Files that are collected at the same time. */
const MOST_OPEN = 20;
/** Milliseconds without a piece after which the rest is not awaited. */
const IDLE_MS = 60_000;

interface Open {
  handle: FileHandle;
  path: string;
  size: number;
  got: number;
  /** One piece at a time: a page that does not wait gets its turn. */
  turn: Promise<unknown>;
  stopWaiting: Disposer;
}

export interface Piece {
  /** Null for the first one. */
  id: string | null;
  /** Of the whole file. */
  size: number;
  chunk: Uint8Array;
  last: boolean;
}

function writeProblem(error: unknown): AppError {
  const code = systemCode(error);
  return { code: diskProblem(code), message: code };
}

export class StagedBytes {
  readonly #folder: string;
  readonly #clock: Pick<Clock, 'after'>;
  readonly #logger: Logger;
  readonly #open = new Map<string, Open>();

  /** @param folder is created when the first file comes. */
  constructor(folder: string, clock: Pick<Clock, 'after'>, logger: Logger) {
    this.#folder = folder;
    this.#clock = clock;
    this.#logger = logger;
  }

  /** Takes one piece. @returns the file's id, and its path once it is complete. A refused piece ends the file. */
  async take(piece: Piece): Promise<Result<{ id: string; path: string | null }>> {
    if (piece.size > MAX_STAGED_BYTES) return this.#refuse(piece.id, 'file_too_large');
    if (piece.size === 0) return this.#refuse(piece.id, 'file_empty');
    try {
      const id = piece.id ?? (await this.#begin(piece.size));
      const file = id === null ? undefined : this.#open.get(id);
      if (id === null) return fail('too_many_files', 'too many at once');
      if (!file || file.size !== piece.size) return await this.#refuse(id, 'bad_request');
      const work = file.turn.then(() => this.#write(id, file, piece));
      file.turn = work.catch(() => undefined);
      return await work;
    } catch (error) {
      const problem = writeProblem(error);
      this.#logger.warn('files.bytes_not_staged', { code: problem.code, system: problem.message });
      if (piece.id !== null) await this.#drop(piece.id);
      return { ok: false, error: problem };
    }
  }

  async #begin(size: number): Promise<string | null> {
    if (this.#open.size >= MOST_OPEN) return null;
    const id = newUploadId();
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    const path = join(this.#folder, id);
    const handle = await open(path, 'wx', 0o600);
    const file: Open = { handle, path, size, got: 0, turn: Promise.resolve(), stopWaiting: () => undefined };
    this.#open.set(id, file);
    this.#await(id, file);
    return id;
  }

  #await(id: string, file: Open): void {
    file.stopWaiting();
    file.stopWaiting = this.#clock.after(IDLE_MS, () => void this.#drop(id));
  }

  async #write(id: string, file: Open, { chunk, last }: Piece): Promise<Result<{ id: string; path: string | null }>> {
    if (this.#open.get(id) !== file) return fail('bad_request', 'it has ended');
    file.got += chunk.byteLength;
    const isWrong = file.got > file.size || (last && file.got !== file.size);
    if (isWrong) return this.#refuse(id, 'bad_request');
    this.#await(id, file);
    try {
      for (let at = 0; at < chunk.byteLength;) at += (await file.handle.write(chunk, at)).bytesWritten;
      if (!last) return ok({ id, path: null });
      await file.handle.sync();
    } catch (error) {
      await this.#drop(id);
      throw error;
    }
    this.#open.delete(id);
    file.stopWaiting();
    await file.handle.close();
    return ok({ id, path: file.path });
  }

  async #refuse(id: string | null, code: ErrorCode): Promise<Result<never>> {
    if (id !== null) await this.#drop(id);
    return fail(code, 'the pieces do not fit');
  }

  /** Gives up a file that is not complete. */
  async #drop(id: string): Promise<void> {
    const file = this.#open.get(id);
    if (!file) return;
    this.#open.delete(id);
    file.stopWaiting();
    await file.handle.close();
    await this.remove(file.path);
  }

  /** Deletes a file of the folder; what is gone already is no problem. */
  async remove(path: string): Promise<void> {
    try {
      await rm(path, { force: true, maxRetries: 3 });
    } catch (error) {
      // The next start sweeps the folder.
      this.#logger.warn('files.not_removed', { system: systemCode(error) });
    }
  }

  /** Deletes everything in the folder that is neither named here nor being collected. */
  async sweep(kept: ReadonlySet<string>): Promise<void> {
    const names = await readdir(this.#folder).catch((error: unknown) => {
      if (systemCode(error) !== 'ENOENT') this.#logger.warn('files.not_swept', { system: systemCode(error) });
      return [];
    });
    for (const name of names) {
      const path = join(this.#folder, name);
      if (!kept.has(path) && !this.#open.has(name)) await this.remove(path);
    }
  }

  /** Gives up what is not complete. */
  async close(): Promise<void> {
    await Promise.all([...this.#open.keys()].map((id) => this.#drop(id)));
  }
}
