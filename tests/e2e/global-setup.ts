/** Before all browser tests: the bundles, and the word on which host the application runs. */
import { buildBundles } from '../../scripts/lib/bundles.ts';
import { findBrowser } from '../../scripts/lib/browser.ts';
import { testHost } from '../helpers/app.ts';

async function setUp(): Promise<void> {
  await buildBundles();
  const host = testHost();
  const browser = findBrowser() ?? "Playwright's chromium";
  process.stdout.write(
    host === 'electron'
      ? 'The application runs under Electron in these tests.\n'
      : `The application runs on the stand-in for Electron in these tests, not under Electron; the browser is ${browser}.\n`,
  );
}

// Playwright calls what the file gives as its default.
export { setUp as default };
