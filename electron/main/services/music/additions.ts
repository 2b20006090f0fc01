/**
 * Files on their way to the library: the upload queue sends them, and here each that has arrived is listed and leaves the
 * list of uploads. What is no sound stays there with that word.
 */
import type { Result } from '#contract/model/errors.ts';
import { LIBRARY_PLACE } from '#contract/model/limits.ts';
import { errorName } from '../../lib/emitter.ts';
import type { Clock, Disposer, Logger } from '../ports.ts';
import type { UploadRecord } from '../store/upload-rows.ts';
import { jitter } from '../../lib/jitter.ts';

export interface AdditionsOptions {
  /** All files on their way. */
  uploads: () => Promise<UploadRecord[]>;
  /** Lists a file at the server and stores the track; null: it may not be called now. */
  list: (fileId: string) => Promise<Result<unknown>> | null;
  /** Takes an upload off the list. */
  remove: (id: string) => Promise<unknown>;
  /** Leaves it there with a word. */
  refuse: (id: string, problem: 'unsupported_media' | 'file_gone') => Promise<void>;
  clock: Clock;
  random: () => number;
  logger: Logger;
}

export class Additions {
  readonly #options: AdditionsOptions;
  #running: Promise<void> | null = null;
  #again = false;
  #tries = 0;
  #timer: Disposer | null = null;
  #isStopped = false;

  constructor(options: AdditionsOptions) {
    this.#options = options;
  }

  /** Uploads have changed, or the server can be asked again. */
  wake(): void {
    this.#timer?.();
    this.#timer = null;
    if (this.#isStopped) return;
    if (this.#running) {
      this.#again = true;
      return;
    }
    this.#running = this.#work()
      .catch((error: unknown) => this.#options.logger.error('music.not_listed', { error: errorName(error) }))
      .finally(() => {
        this.#running = null;
        if (!this.#again) return;
        this.#again = false;
        this.wake();
      });
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#timer?.();
    await this.#running;
  }

  async #work(): Promise<void> {
    const { uploads, list, remove, refuse, clock, random, logger } = this.#options;
    const arrived = (await uploads()).filter(({ chatId, state }) => chatId === LIBRARY_PLACE && state === 'ready');
    for (const { id, fileId } of arrived) {
      if (this.#isStopped) return;
      const listing = fileId === null ? null : list(fileId);
      if (!listing) return;
      const listed = await listing;
      if (listed.ok) {
        this.#tries = 0;
        await remove(id);
        continue;
      }
      const { code, retryAfterMs } = listed.error;
      logger.info('music.not_listed_yet', { code });
      if (code === 'unsupported_media') await refuse(id, 'unsupported_media');
      else if (code === 'not_found' || code === 'forbidden') await refuse(id, 'file_gone');
      else {
        this.#tries += 1;
        this.#timer = clock.after(Math.max(retryAfterMs ?? 0, jitter(this.#tries, random())), () => this.wake());
        return;
      }
    }
  }
}
