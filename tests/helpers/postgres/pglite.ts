/**
 * PostgreSQL inside of this process. Making one takes seconds; a copy of an empty one, kept in `.cache`, is opened in a
 * tenth of that.
 */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { z } from 'zod';
import { ROOT } from '../../../scripts/lib/paths.ts';

const OID = { int8: 20, numeric: 1700 };
/** As in relay/repositories/postgres/connection.ts. */
const parsers = { [OID.int8]: Number, [OID.numeric]: Number };

const Manifest = z.object({ version: z.string() });

/** The copy for this version of PGlite; another version has another one. */
function copyPath(): string {
  const entry = createRequire(import.meta.url).resolve('@electric-sql/pglite');
  const manifest: unknown = JSON.parse(readFileSync(join(entry, '../../package.json'), 'utf8'));
  return join(ROOT, '.cache', `pglite-${Manifest.parse(manifest).version}.tar`);
}

function readCopy(path: string): Blob | null {
  try {
    return new Blob([readFileSync(path)]);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}

async function keepCopy(database: PGlite, path: string): Promise<void> {
  const copy = await database.dumpDataDir('none');
  mkdirSync(join(path, '..'), { recursive: true });
  // Several test files may do this at once: each writes its own, and one of them stays.
  const unfinished = `${path}.${process.pid}`;
  writeFileSync(unfinished, Buffer.from(await copy.arrayBuffer()));
  renameSync(unfinished, path);
}

/** An instance of one's own, empty. */
export async function openPglite(): Promise<PGlite> {
  const path = copyPath();
  const copy = readCopy(path);
  const database = await PGlite.create({ parsers, ...(copy ? { loadDataDir: copy } : {}) });
  if (!copy) await keepCopy(database, path);
  return database;
}
