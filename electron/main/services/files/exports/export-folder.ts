/**
 * The folder of an export: its name says that it is incomplete until everything is in it, and it never takes the place
 * of one that is there.
 */
import { mkdir, open, rename, rm, rmdir, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { saveName } from '../../../lib/file-names.ts';
import { systemCode } from '../file-source.ts';

/** Names that are tried before giving up. */
const MOST_NAMES = 10_000;
/** Bytes gathered before they are written. */
const CHUNK_BYTES = 256 * 1024;

/** Makes a folder that was not there: `name`, `name (2)` and so on, each with `suffix`. */
async function makeFolder(parent: string, name: string, suffix: string): Promise<string> {
  for (let n = 1; n < MOST_NAMES; n += 1) {
    const path = join(parent, `${n === 1 ? name : `${name} (${String(n)})`}${suffix}`);
    try {
      await mkdir(path);
      return path;
    } catch (error) {
      if (systemCode(error) !== 'EEXIST') throw error;
    }
  }
  throw new Error('every name is taken');
}

/** Text that is written in large pieces. */
export class TextFile {
  readonly #handle: FileHandle;
  #gathered: string[] = [];
  #length = 0;

  constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  async add(text: string): Promise<void> {
    this.#gathered.push(text);
    this.#length += text.length;
    if (this.#length >= CHUNK_BYTES) await this.#flush();
  }

  async #flush(): Promise<void> {
    const bytes = Buffer.from(this.#gathered.join(''), 'utf8');
    this.#gathered = [];
    this.#length = 0;
    for (let at = 0; at < bytes.length;) at += (await this.#handle.write(bytes, at)).bytesWritten;
  }

  /** Writes the rest and closes it, whatever the disk says. */
  async finish(): Promise<void> {
    try {
      await this.#flush();
      await this.#handle.sync();
    } finally {
      await this.#handle.close();
    }
  }

  /** Closes it as it is. */
  async abandon(): Promise<void> {
    await this.#handle.close();
  }
}

export class ExportFolder {
  readonly #name: string;
  readonly path: string;

  private constructor(name: string, path: string) {
    this.#name = name;
    this.path = path;
  }

  /** @param mark what its name ends with while it is incomplete. @throws what the system says. */
  static async begin(parent: string, title: string, mark: string): Promise<ExportFolder> {
    // A name of a person is no path.
    const name = saveName(title.replace(/[\\/]/g, '_'));
    return new ExportFolder(name, await makeFolder(parent, name, ` ${mark}`));
  }

  /** The folder for files, made at once. */
  async filesFolder(): Promise<string> {
    const path = join(this.path, 'files');
    await mkdir(path, { recursive: true });
    return path;
  }

  /** A new file for text. */
  async text(name: string): Promise<TextFile> {
    return new TextFile(await open(join(this.path, name), 'wx'));
  }

  /** Everything is there: it gets its name, or the next one that is free. @returns its path. */
  async finish(): Promise<string> {
    // Reserves the name: a folder is only ever moved into the place of an empty one.
    const place = await makeFolder(dirname(this.path), this.#name, '');
    try {
      await rename(this.path, place);
    } catch (error) {
      if (!['EPERM', 'EACCES', 'EEXIST', 'ENOTEMPTY'].includes(systemCode(error))) throw error;
      // Windows moves nothing into the place of a folder.
      await rmdir(place);
      await rename(this.path, place);
    }
    return place;
  }

  /** Removes all of it. */
  async discard(): Promise<void> {
    await rm(this.path, { recursive: true, force: true, maxRetries: 3 });
  }
}
