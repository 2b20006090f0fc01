/** The page side of the stand-in as one script, built by vite and cached by the hash of its sources. */
import { createHash } from 'node:crypto';
import { mkdir, readFile, readdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const here = import.meta.dirname;
const cacheDir = join(here, '../../.cache/stand-in');

/** The script: an expression that evaluates to an object with `boot`. */
export async function pageRuntime(): Promise<string> {
  const file = join(cacheDir, `page-${await sourcesHash()}.js`);
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  }
  const code = await bundle();
  await mkdir(cacheDir, { recursive: true });
  // Renamed into place, since another host may be reading it.
  await writeFile(`${file}.${process.pid}`, code);
  await rename(`${file}.${process.pid}`, file);
  return code;
}

async function sourcesHash(): Promise<string> {
  const hash = createHash('sha256');
  for (const folder of [here, join(here, '../wire')]) {
    for (const name of (await readdir(folder)).sort()) hash.update(name).update(await readFile(join(folder, name)));
  }
  return hash.digest('hex').slice(0, 16);
}

async function bundle(): Promise<string> {
  const { build } = await import('vite');
  const result = await build({
    configFile: false,
    logLevel: 'error',
    publicDir: false,
    build: {
      write: false,
      minify: false,
      target: 'chrome140',
      lib: { entry: join(here, 'boot.ts'), formats: ['iife'], name: 'StandIn', fileName: 'page' },
    },
  });
  const output = Array.isArray(result) ? result[0] : result;
  const chunk = output && 'output' in output ? output.output[0] : undefined;
  if (!chunk) throw new Error('the page part of the stand-in was not built');
  return chunk.code;
}
