/** Tampers with a packed archive. */
import { readFile, writeFile } from 'node:fs/promises';
import { getRawHeader, uncache } from '@electron/asar';

/** Changes one hash in the archive's header; all files and lengths stay the same. */
export async function alterArchive(asar: string): Promise<void> {
  const { headerString } = getRawHeader(asar);
  const hash = /"hash":"([0-9a-f]{64})"/.exec(headerString)?.[1];
  if (hash === undefined) throw new Error('the archive names no hash');
  const bytes = await readFile(asar);
  bytes.write(hash.startsWith('0') ? '1' : '0', bytes.indexOf(hash), 'latin1');
  await writeFile(asar, bytes);
  // The library caches headers by file name.
  uncache(asar);
}
