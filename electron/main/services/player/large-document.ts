/**
 * A JSON file that may be large: written in pieces, so that nothing waits for it, and replaced as a whole. What cannot be
 * read is put aside under another name, never deleted.
 */
import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { errorName } from '../../lib/emitter.ts';
import type { Logger } from '../ports.ts';

/** Only the owner may read what the app stores. */
const OWNER_ONLY = 0o600;
/** Items that become text in one go: well under a millisecond. */
const SLICE = 100;

export interface LargeDocument {
  /** What is stored, unchecked; null when there is nothing, or it could not be read and was put aside. */
  read(): Promise<unknown>;
  /** Replaces what is stored; false when the disk refuses it. `list` is written as the property `name`. */
  write(head: Readonly<Record<string, unknown>>, name: string, list: readonly unknown[]): Promise<boolean>;
  /** Puts aside what is stored: it is not what it should be. */
  quarantine(): Promise<void>;
}

/** The pieces of the text of `{...head, [name]: list}`. */
async function* piecesOf(
  head: Readonly<Record<string, unknown>>,
  name: string,
  list: readonly unknown[],
): AsyncGenerator<string, void> {
  const start = JSON.stringify(head).slice(0, -1);
  yield `${start}${start === '{' ? '' : ','}${JSON.stringify(name)}:[`;
  for (let from = 0; from < list.length; from += SLICE) {
    const slice = JSON.stringify(list.slice(from, from + SLICE)).slice(1, -1);
    yield from === 0 ? slice : `,${slice}`;
    await nextTurn();
  }
  yield ']}';
}

export function createLargeDocument(path: string, logger: Logger): LargeDocument {
  async function quarantine(): Promise<void> {
    try {
      await rename(path, `${path}.${randomBytes(4).toString('hex')}.broken`);
    } catch (error) {
      logger.error('document.not_set_aside', { error: errorName(error) });
    }
  }

  return {
    quarantine,
    async read() {
      try {
        return JSON.parse(await readFile(path, 'utf8')) as unknown;
      } catch (error) {
        if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
        logger.error('document.unreadable', { error: errorName(error) });
        if (error instanceof SyntaxError) await quarantine();
        return null;
      }
    },
    async write(head, name, list) {
      const next = `${path}.${randomBytes(4).toString('hex')}.new`;
      try {
        await mkdir(dirname(path), { recursive: true, mode: 0o700 });
        const file = await open(next, 'wx', OWNER_ONLY);
        try {
          for await (const piece of piecesOf(head, name, list)) await file.write(piece);
          await file.sync();
        } finally {
          await file.close();
        }
        await rename(next, path);
        return true;
      } catch (error) {
        logger.error('document.not_written', { error: errorName(error) });
        await rm(next, { force: true }).catch((left: unknown) =>
          logger.warn('document.half_left', { error: errorName(left) }),
        );
        return false;
      }
    },
  };
}
