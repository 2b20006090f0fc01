/** The bundles in out/: built by vite when their sources or outputs have changed since the last build. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'vite';
import { CACHE, ROOT } from './paths.ts';
import { Stop, withProgress } from './say.ts';

interface Bundle {
  name: 'main' | 'preload' | 'renderer';
  config: string;
  /** Source folders and files. */
  sources: string[];
  /** Output folder. */
  out: string;
}

const COMMON = ['package-lock.json', 'tsconfig.base.json', 'package.json', 'scripts/lib/bundles.ts'];

export const BUNDLES: readonly Bundle[] = [
  {
    name: 'main',
    config: 'vite.main.config.ts',
    sources: ['electron/main', 'contract', 'vite.main.config.ts', ...COMMON],
    out: 'out/main',
  },
  {
    name: 'preload',
    config: 'vite.preload.config.ts',
    sources: ['electron/preload', 'contract/ipc', 'vite.preload.config.ts', ...COMMON],
    out: 'out/preload',
  },
  {
    name: 'renderer',
    config: 'vite.renderer.config.ts',
    sources: [
      'renderer',
      'contract',
      'vite.renderer.config.ts',
      'scripts/lib/words-plugin.ts',
      'scripts/lib/mini-page.ts',
      ...COMMON,
    ],
    out: 'out/renderer',
  },
];

/** Builds what has changed. Returns the names of the bundles it built. */
export async function buildBundles(force = false): Promise<string[]> {
  mkdirSync(CACHE, { recursive: true });
  const release = await lock(join(CACHE, 'build.lock'));
  try {
    const stale = BUNDLES.filter((bundle) => force || !isFresh(bundle, stampOf(bundle)));
    if (stale.length === 0) return [];
    await withProgress(`Building ${stale.map(({ name }) => name).join(', ')} ...`, async () => {
      for (const bundle of stale) await buildOne(bundle);
    });
    return stale.map(({ name }) => name);
  } finally {
    release();
  }
}

async function buildOne(bundle: Bundle): Promise<void> {
  const hash = sourcesHash(bundle.sources);
  try {
    await asProduction(() =>
      build({
        configFile: join(ROOT, bundle.config),
        root: rootOf(bundle),
        logLevel: 'warn',
        // The benchmarks measure what the page loads at first; the emoji names are loaded later and are large.
        build: { chunkSizeWarningLimit: 2000, reportCompressedSize: false },
      }),
    );
  } catch (error) {
    throw new Stop(
      `The bundle '${bundle.name}' was not built:\n${error instanceof Error ? error.message : String(error)}`,
    );
  }
  writeFileSync(stampFile(bundle), stampText(hash, bundle.out));
}

/**
 * Runs `work` with NODE_ENV set to production, then restores it. Vite respects an existing NODE_ENV: a build started by
 * a test runner would contain Vue's development code, larger and slower, and be reused by `npm start`.
 */
export async function asProduction<T>(work: () => Promise<T>): Promise<T> {
  const before = process.env['NODE_ENV'];
  process.env['NODE_ENV'] = 'production';
  try {
    return await work();
  } finally {
    if (before === undefined) delete process.env['NODE_ENV'];
    else process.env['NODE_ENV'] = before;
  }
}

/** The page's config specifies its own root. */
function rootOf(bundle: Bundle): string {
  return bundle.name === 'renderer' ? join(ROOT, 'renderer') : ROOT;
}

/** The stamp written after a build: hashes of its sources and its output. */
function stampText(sources: string, out: string, root = ROOT): string {
  return `${sources} ${sourcesHash([out], root)}`;
}

/**
 * True when the sources match the build that left `stamp`, and so does its output: `npm run dev` writes to the same
 * folder, and an interrupted build leaves half of its files.
 */
export function isFresh({ sources, out }: Pick<Bundle, 'sources' | 'out'>, stamp: string, root = ROOT): boolean {
  return stamp === stampText(sourcesHash(sources, root), out, root);
}

function stampFile(bundle: Bundle): string {
  return join(CACHE, `bundle-${bundle.name}`);
}

/** The stamp of the last build; empty if there was none. */
function stampOf(bundle: Bundle): string {
  const file = stampFile(bundle);
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

/** One hash over the names and contents of everything below the given paths. */
export function sourcesHash(paths: string[], root = ROOT): string {
  const hash = createHash('sha256');
  for (const path of paths) addTo(hash, root, path);
  return hash.digest('hex');
}

function addTo(hash: ReturnType<typeof createHash>, root: string, path: string): void {
  const full = join(root, path);
  if (!existsSync(full)) return;
  if (statSync(full).isDirectory()) {
    for (const name of readdirSync(full).sort()) addTo(hash, root, join(path, name));
    return;
  }
  hash.update(path).update('\0').update(readFileSync(full)).update('\0');
}

const LOCK_POLL_MS = 200;

/** One build at a time in this folder: a second one waits. A lock whose process is gone is ignored. */
async function lock(file: string): Promise<() => void> {
  for (;;) {
    try {
      writeFileSync(file, String(process.pid), { flag: 'wx' });
      return () => rmSync(file, { force: true });
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    }
    if (isStale(file)) rmSync(file, { force: true });
    else await new Promise((resolve) => setTimeout(resolve, LOCK_POLL_MS));
  }
}

function isStale(file: string): boolean {
  try {
    const pid = Number(readFileSync(file, 'utf8'));
    // Just created and still empty: its process is alive.
    if (pid > 0) process.kill(pid, 0);
    return false;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    // The process is gone; or the file has disappeared in the meantime, and the next attempt takes it.
    return error.code === 'ESRCH';
  }
}
