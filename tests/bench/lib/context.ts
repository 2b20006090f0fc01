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
  browserPath: string;
  quick: boolean;
  seed: number;
  /** The folder with `out/main`, `out/preload` and `out/renderer`. */
  built: string;
  say: (line: string) => void;
}

/** Makes everything a case needs; `close` leaves nothing behind. */
export async function openContext(
  options: OpenContextOptions,
): Promise<{ context: BenchContext; close: () => Promise<void> }> {
  const work = await mkdtemp(join(tmpdir(), 'relay-bench-'));
  const appDir = join(work, 'app');
  for (const part of ['main', 'preload', 'renderer']) {
    await cp(join(options.built, 'out', part), join(appDir, 'out', part), { recursive: true });
  }
  const manifest = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as Record<string, unknown>;
  const { name, productName, version, type, main } = manifest;
  await writeFile(join(appDir, 'package.json'), JSON.stringify({ name, productName, version, type, main }));
  const peerDir = join(work, 'peer');
  await buildPeer(peerDir);
  const cacheDir = join(ROOT, 'out/bench/cache');
  await mkdir(cacheDir, { recursive: true });

  const open: Browser[] = [];
  const launch = async (flags: readonly string[]): Promise<Browser> => {
    const args = [OFFLINE, '--enable-precise-memory-info', ...flags];
    const browser = await chromium.launch({ ...browserLaunch(options.browserPath), args });
    open.push(browser);
    return browser;
  };
  let folders = 0;
  const context: BenchContext = {
    browser: await launch([]),
    unpaced: await launch(UNPACED),
    startBrowser: () => launch([]),
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
