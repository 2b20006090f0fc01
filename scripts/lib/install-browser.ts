/** Installs a browser if there is none: Debian's as root, otherwise Playwright's. */
import type { SpawnOptions } from 'node:child_process';
import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { chromium } from '@playwright/test';
import { findBrowser } from './browser.ts';
import { binOf, run, runNode } from './process.ts';
import { Stop, withProgress } from './say.ts';

/** True when packages can be installed with apt. */
export function canUseApt(): boolean {
  return process.platform === 'linux' && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');
}

/** Installs Debian's chromium; returns its path or null. */
export async function installByApt(): Promise<string | null> {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const quiet: SpawnOptions = { stdio: ['ignore', 'ignore', 'inherit'], env };
  return withProgress('Installing chromium by apt-get (about 300 MB) ...', async () => {
    const install = ['install', '-y', '--no-install-recommends', 'chromium', 'fonts-noto-color-emoji'];
    if ((await run('apt-get', install, quiet)).code !== 0) {
      await run('apt-get', ['update'], quiet);
      if ((await run('apt-get', install, quiet)).code !== 0) return null;
    }
    return findBrowser();
  });
}

/** Playwright's own browser, if completely installed: Playwright writes a marker file after unpacking. */
export function playwrightBrowser(file = chromium.executablePath()): string | null {
  if (!existsSync(file)) return null;
  for (let folder = dirname(file); folder !== dirname(folder); folder = dirname(folder)) {
    if (existsSync(join(folder, 'INSTALLATION_COMPLETE'))) return file;
    if (/^chromium[\w-]*-\d+$/.test(basename(folder))) break;
  }
  return null;
}

/** A browser for tests, installed if necessary. Throws Stop with instructions when that is impossible. */
export async function testBrowser(): Promise<string> {
  const found = findBrowser() ?? playwrightBrowser();
  if (found !== null) return found;
  if (canUseApt()) {
    const installed = await installByApt();
    if (installed !== null) return installed;
  }
  const { code } = await withProgress("Fetching Playwright's chromium (about 180 MB) ...", () =>
    runNode([binOf('@playwright/test', 'cli.js'), 'install', 'chromium'], { stdio: ['ignore', 'ignore', 'inherit'] }),
  );
  const fetched = code === 0 ? playwrightBrowser() : null;
  if (fetched !== null) return fetched;
  throw new Stop(
    'The browser tests need Chrome, Chromium or Edge, and none was found or could be fetched.\n' +
      'Install one, or name its file in RELAY_BROWSER, and run the tests again.',
  );
}
