import { defineConfig } from '@playwright/test';
import { playwrightBrowser } from './scripts/lib/install-browser.ts';
import { findBrowser } from './scripts/lib/browser.ts';
import { browserLaunch } from './scripts/lib/sandbox.ts';

const executablePath = findBrowser() ?? playwrightBrowser() ?? undefined;

/** Browser tests: the application on its host, and pages of their own. Nothing is tried twice: a test is right or wrong. */
export default defineConfig({
  testDir: 'tests/e2e',
  outputDir: 'test-results',
  globalSetup: './tests/e2e/global-setup.ts',
  workers: 2,
  fullyParallel: true,
  retries: 0,
  timeout: 90_000,
  expect: { timeout: 15_000 },
  forbidOnly: Boolean(process.env.CI),
  reporter: 'list',
  use: {
    browserName: 'chromium',
    headless: true,
    // A trace films every frame of every test, which takes as long as the tests themselves. RELAY_TRACE=1 asks for one.
    trace: process.env['RELAY_TRACE'] ? 'retain-on-failure' : 'off',
    screenshot: 'only-on-failure',
    launchOptions: browserLaunch(executablePath),
  },
});
