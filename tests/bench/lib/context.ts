/** The bench's own means: browsers, folders, the frozen copy of the application. */
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { chromium, type Browser } from '@playwright/test';
import { browserLaunch } from '../../../scripts/lib/sandbox.ts';
import { buildPeer } from './peer-build.ts';
import type { BenchContext } from './case.ts';

const ROOT = resolve(import.meta.dirname, '../../..');

/** Nothing leaves this machine, whatever a page asks for. */
const OFFLINE = '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1';
const UNPACED = ['--disable-frame-rate-limit', '--disable-gpu-vsync'];

export interface OpenContextOptions {
  /** A Chromium browser's file; null: neither a browser nor the application is needed. */
  browserPath: string | null;
  quick: boolean;
  seed: number;
  /** The folder with `out/main`, `out/preload` and `out/renderer`. */
  built: string;
  say: (line: string) => void;
}

/** The frozen copy of the application, and the page of the component beside it. */
async function prepareApp(built: string, appDir: string, peerDir: string): Promise<void> {
  for (const part of ['main', 'preload', 'renderer']) {
    await cp(join(built, 'out', part), join(appDir, 'out', part), { recursive: true });
  }
  const manifest = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as Record<string, unknown>;
  const { name, productName, version, type, main } = manifest;
  await writeFile(join(appDir, 'package.json'), JSON.stringify({ name, productName, version, type, main }));
  await buildPeer(peerDir);
}

/** Makes everything a case needs; `close` leaves nothing behind. */
export async function openContext(
  options: OpenContextOptions,
): Promise<{ context: BenchContext; close: () => Promise<void> }> {
  const work = await mkdtemp(join(tmpdir(), 'relay-bench-'));
  const appDir = join(work, 'app');
  const peerDir = join(work, 'peer');
  const cacheDir = join(ROOT, 'out/bench/cache');
  await mkdir(cacheDir, { recursive: true });
  const open: Browser[] = [];
  const launch = async (flags: readonly string[]): Promise<Browser> => {
    if (options.browserPath === null) throw new Error('this run has no browser');
    const args = [OFFLINE, '--enable-precise-memory-info', ...flags];
    const browser = await chromium.launch({ ...browserLaunch(options.browserPath), args });
    open.push(browser);
    return browser;
  };
  if (options.browserPath !== null) await prepareApp(options.built, appDir, peerDir);
  const browsers = options.browserPath === null ? null : { paced: await launch([]), unpaced: await launch(UNPACED) };
  const needed = (): { paced: Browser; unpaced: Browser } => {
    if (!browsers) throw new Error('this run has no browser');
    return browsers;
  };
  let folders = 0;
  const context: BenchContext = {
    get browser() {
      return needed().paced;
    },
    get unpaced() {
      return needed().unpaced;
    },
    startBrowser: (flags = []) => launch(flags),
    quick: options.quick,
    seed: options.seed,
    folder: async (label) => {
      folders += 1;
      const folder = join(work, `${folders}-${label}`);
      await mkdir(folder);
      return folder;
    },
    cacheDir,
    appDir,
    peerDir,
    say: options.say,
  };
  return {
    context,
    close: async () => {
      for (const browser of open) await browser.close();
      await rm(work, { recursive: true, force: true });
    },
  };
}
