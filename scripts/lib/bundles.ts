/** The bundles in out/: built by vite when their sources, or what was built of them, have changed since. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'vite';
import { CACHE, ROOT } from './paths.ts';
import { Stop, withProgress } from './say.ts';

interface Bundle {
  name: 'main' | 'preload' | 'renderer';
  config: string;
  /** Folders and files that it is made of. */
  sources: string[];
  /** The folder that it is built into. */
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
    sources: ['renderer', 'contract', 'vite.renderer.config.ts', 'scripts/lib/words-plugin.ts', ...COMMON],
    out: 'out/renderer',
  },
];

/** Builds what has changed. Answers the names of what was built. */
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
        // What the page loads at first is measured by the benchmarks; the emoji names come later and are large.
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
 * Runs `work` with NODE_ENV set for production, and puts it back. Vite takes a NODE_ENV that it finds: a build that a
 * test runner starts would hold Vue's development code, larger and slower, and be kept for `npm start`.
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

/** The page's config names its own root. */
function rootOf(bundle: Bundle): string {
  return bundle.name === 'renderer' ? join(ROOT, 'renderer') : ROOT;
}

/** What is noted after a build: what it was made of, and what it made. */
function stampText(sources: string, out: string, root = ROOT): string {
  return `${sources} ${sourcesHash([out], root)}`;
}

/**
 * True when the sources are those of the build that left `stamp`, and its files are as it left them: `npm run dev` writes
 * into the same folder, and a build that was cut off leaves half of one.
 */
export function isFresh({ sources, out }: Pick<Bundle, 'sources' | 'out'>, stamp: string, root = ROOT): boolean {
  return stamp === stampText(sourcesHash(sources, root), out, root);
}

function stampFile(bundle: Bundle): string {
  return join(CACHE, `bundle-${bundle.name}`);
}

/** What the last build has noted; nothing when there was none. */
function stampOf(bundle: Bundle): string {
  const file = stampFile(bundle);
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

/** One hash over the names and bytes of everything below the given paths. */
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

/** One build at a time in this folder: a second one waits. A lock whose process is gone does not count. */
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
    // Written a moment ago and still empty: its process lives.
    if (pid > 0) process.kill(pid, 0);
    return false;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    // The process is gone; or the file went in the meantime, and the next turn takes it.
    return error.code === 'ESRCH';
  }
}
