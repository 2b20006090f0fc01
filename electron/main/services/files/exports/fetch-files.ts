/** Fetches the files of an export into its folder: each once, under a name that is free on every system. */
import { join } from 'node:path';
import { numberedName, saveName } from '../../../lib/file-names.ts';
import { TransferFailed } from '../../../lib/transfer-failed.ts';
import type { AccountContext } from '../../ports.ts';
import { SavedFile } from '../saved-file.ts';
import type { ExportedFile } from './message.ts';
import type { Patiently } from './read-history.ts';

export interface FetchFilesOptions {
  folder: string;
  patiently: Patiently;
  /** All bytes of a file that is on this disk already; null otherwise. */
  cached: (id: string) => Promise<AsyncIterable<Uint8Array> | null>;
  marksOfTheWeb: boolean;
  signal: AbortSignal;
  onBytes: (bytes: number) => void;
  /** One more is there, or is not to be had. */
  onFile: (isMissing: boolean) => void;
}

/** Codes by which a server says that it will not give this file, now or later. */
const GONE: ReadonlySet<string> = new Set(['not_found', 'forbidden', 'unsupported_by_server', 'validation']);

/** Names in one folder: no two that some system takes for the same. */
export function createNames(): (name: string) => string {
  const taken = new Set<string>();
  return (name) => {
    const wanted = saveName(name);
    for (let n = 1; ; n += 1) {
      const numbered = numberedName(wanted, n);
      const key = numbered.normalize('NFC').toLowerCase();
      if (taken.has(key)) continue;
      taken.add(key);
      return numbered;
    }
  };
}

/**
 * Fetches all of them in turn.
 * @param places filled with the name of each file by its id; null where the server does not have it.
 * @throws TransferFailed when the server cannot be reached, and what the disk says.
 */
export async function fetchFiles(
  files: Iterable<ExportedFile>,
  places: Map<string, string | null>,
  options: FetchFilesOptions,
): Promise<void> {
  const { folder, patiently, cached, signal } = options;
  const nameFor = createNames();
  for (const { id, name } of files) {
    signal.throwIfAborted();
    const saved = nameFor(name);
    const write = async (body: AsyncIterable<Uint8Array>): Promise<void> => {
      const file = await SavedFile.begin(join(folder, saved));
      try {
        for await (const piece of body) {
          signal.throwIfAborted();
          await file.append(piece);
          options.onBytes(piece.length);
        }
        await file.finish(options.marksOfTheWeb);
      } catch (error) {
        await file.discard();
        throw error;
      }
    };
    const here = await cached(id);
    if (here) await write(here);
    else {
      const isThere = await patiently((api) => download(api, id, write, signal));
      if (!isThere) {
        places.set(id, null);
        options.onFile(true);
        continue;
      }
    }
    places.set(id, saved);
    options.onFile(false);
  }
}

async function download(
  api: AccountContext['api'],
  id: string,
  write: (body: AsyncIterable<Uint8Array>) => Promise<void>,
  signal: AbortSignal,
): Promise<{ ok: true; value: boolean } | { ok: false; error: TransferFailed['failure'] }> {
  const answer = await api.download('download', { params: { id } }, { signal });
  if (!answer.ok) return GONE.has(answer.error.code) ? { ok: true, value: false } : answer;
  try {
    await write(answer.value.body);
    return { ok: true, value: true };
  } catch (error) {
    answer.value.cancel();
    if (error instanceof TransferFailed) return { ok: false, error: error.failure };
    throw error;
  }
}
