/**
 * Pages of messages on the disk, until all of them have been read: the server gives the newest first, and an export
 * begins with the oldest. Memory holds only where each page lies.
 */
import { open, rm, type FileHandle } from 'node:fs/promises';
import type { ExportedMessage } from './message.ts';

interface Page {
  at: number;
  length: number;
}

export class Spool {
  readonly #path: string;
  readonly #handle: FileHandle;
  #end = 0;
  /** In the order of the messages. */
  #pages: Page[] = [];
  #count = 0;

  private constructor(path: string, handle: FileHandle) {
    this.#path = path;
    this.#handle = handle;
  }

  static async begin(path: string): Promise<Spool> {
    return new Spool(path, await open(path, 'wx+', 0o600));
  }

  /** Number of messages. */
  get count(): number {
    return this.#count;
  }

  /** Adds a page, oldest message first, before or after all others. */
  async add(messages: readonly ExportedMessage[], place: 'before' | 'after'): Promise<void> {
    if (messages.length === 0) return;
    const bytes = Buffer.from(JSON.stringify(messages), 'utf8');
    for (let at = 0; at < bytes.length;)
      at += (await this.#handle.write(bytes, at, bytes.length - at, this.#end + at)).bytesWritten;
    const page = { at: this.#end, length: bytes.length };
    this.#end += bytes.length;
    this.#count += messages.length;
    if (place === 'before') this.#pages.unshift(page);
    else this.#pages.push(page);
  }

  /** All messages, oldest first. */
  async *messages(): AsyncGenerator<ExportedMessage, void> {
    for (const { at, length } of this.#pages) {
      const bytes = Buffer.alloc(length);
      for (let done = 0; done < length;) {
        const { bytesRead } = await this.#handle.read(bytes, done, length - done, at + done);
        if (bytesRead === 0) throw new Error('the spool became shorter');
        done += bytesRead;
      }
      // We wrote it ourselves a moment ago, into a file that only this user can open.
      yield* JSON.parse(bytes.toString('utf8')) as ExportedMessage[];
    }
  }

  /** Removes it. */
  async remove(): Promise<void> {
    await this.#handle.close();
    await rm(this.#path, { force: true, maxRetries: 3 });
  }
}
