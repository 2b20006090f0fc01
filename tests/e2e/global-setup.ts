/** Before all browser tests: the bundles, a copy of them for this run alone, and the word on which host they run. */
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildBundles } from '../../scripts/lib/bundles.ts';
import { findBrowser } from '../../scripts/lib/browser.ts';
import { ROOT } from '../../scripts/lib/paths.ts';
import { testHost } from '../helpers/app.ts';

/** Answers what takes the copy away at the end. */
async function setUp(): Promise<() => Promise<void>> {
  await buildBundles();
  // A build in the meantime would take files from under the applications that run.
  const copy = await mkdtemp(join(tmpdir(), 'relay-built-'));
  for (const part of ['package.json', 'out/main', 'out/preload', 'out/renderer', 'build/tray']) {
    await cp(join(ROOT, part), join(copy, part), { recursive: true });
  }
  process.env.RELAY_TEST_APP = copy;
  // Some sixty times the same main process starts: what was compiled once is not compiled again.
  process.env.NODE_COMPILE_CACHE ??= join(tmpdir(), 'relay-compile-cache');
  const host = testHost();
  const browser = findBrowser() ?? "Playwright's chromium";
  process.stdout.write(
    host === 'electron'
      ? 'The application runs under Electron in these tests.\n'
      : `The application runs on the stand-in for Electron in these tests, not under Electron; the browser is ${browser}.\n`,
  );
  return () => rm(copy, { recursive: true, force: true });
}

// Playwright calls what the file gives as its default.
export { setUp as default };
