/**
 * A file on its way to a folder of the user: under another name until it is whole, and never in the place of one that is
 * there.
 */
import { type FileHandle, link, open, rename, rm, unlink, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { numberedName } from '../../lib/file-names.ts';
import { systemCode } from './file-source.ts';

const PART = '.part';
/** Names that are tried before giving up. */
const MOST_NAMES = 10_000;
/** What Windows reads as "from the internet": it warns before such a file is opened. */
const MARK_OF_THE_WEB = '[ZoneTransfer]\r\nZoneId=3\r\n';

const isTaken = (error: unknown): boolean => systemCode(error) === 'EEXIST';

/** Calls `attempt` with `name`, `name (2)` and so on, until one is not taken. */
async function withFreeName<T>(wanted: string, attempt: (path: string) => Promise<T>): Promise<T> {
  const [folder, name] = [dirname(wanted), basename(wanted)];
  for (let n = 1; n < MOST_NAMES; n += 1) {
    try {
      return await attempt(join(folder, numberedName(name, n)));
    } catch (error) {
      if (!isTaken(error)) throw error;
    }
  }
  throw new Error('every name is taken');
}

export class SavedFile {
  readonly #wanted: string;
  readonly #part: string;
  readonly #handle: FileHandle;
  #size = 0;

  private constructor(wanted: string, part: string, handle: FileHandle) {
    this.#wanted = wanted;
    this.#part = part;
    this.#handle = handle;
  }

  /** Begins a file beside its place. @throws what the system says. */
  static async begin(wanted: string): Promise<SavedFile> {
    return withFreeName(wanted, async (path) => {
      const part = path + PART;
      return new SavedFile(wanted, part, await open(part, 'wx'));
    });
  }

  /** Bytes so far. */
  get size(): number {
    return this.#size;
  }

  async append(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length;) {
      at += (await this.#handle.write(bytes, at, bytes.length - at, this.#size + at)).bytesWritten;
    }
    this.#size += bytes.length;
  }

  /** Starts over. */
  async restart(): Promise<void> {
    await this.#handle.truncate(0);
    this.#size = 0;
  }

  /**
   * Gives it its name, or the next one that is free. @param markOfTheWeb notes on Windows where it comes from.
   * @returns its path.
   */
  async finish(markOfTheWeb: boolean): Promise<string> {
    await this.#handle.sync();
    await this.#handle.close();
    if (markOfTheWeb) await this.#mark();
    return withFreeName(this.#wanted, async (path) => {
      await this.#moveTo(path);
      return path;
    });
  }

  async #mark(): Promise<void> {
    try {
      await writeFile(`${this.#part}:Zone.Identifier`, MARK_OF_THE_WEB);
    } catch (error) {
      // A disk without such marks has no place for it, and Windows asks for none there.
      if (!['ENOENT', 'EINVAL', 'EISDIR', 'ENOTSUP'].includes(systemCode(error))) throw error;
    }
  }

  async #moveTo(path: string): Promise<void> {
    try {
      // The only way to move that fails when the name is taken.
      await link(this.#part, path);
      await unlink(this.#part);
    } catch (error) {
      if (
        isTaken(error) ||
        !['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EINVAL'].includes(systemCode(error))
      ) {
        throw error;
      }
      // A disk without hard links: the name is reserved with an empty file, which the whole one replaces.
      await (await open(path, 'wx')).close();
      await rename(this.#part, path);
    }
  }

  /** Gives it up: nothing of it stays. */
  async discard(): Promise<void> {
    await this.#handle.close();
    await rm(this.#part, { force: true, maxRetries: 3 });
  }
}
