/**
 * The application for browser tests: a real main process with the built bundles, its page in Chromium, a folder of its own.
 * It runs under Electron where the runtime is installed and can show windows, else on the stand-in; `host` says which.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { test as base, type Browser, type Page } from '@playwright/test';
import type { HostProcess } from '../../host/client.ts';
import { installedRuntime } from '../../scripts/lib/electron-runtime.ts';
import { hasDisplay } from '../../scripts/lib/host-choice.ts';
import { sandboxProblem } from '../../scripts/lib/sandbox.ts';
import { launchUnderElectron } from './app-electron.ts';
import type { AppOptions, LaunchOptions, TestHost } from './app-options.ts';
import { watchProblems } from './app-problems.ts';
import { launchOnStandIn } from './app-stand-in.ts';

export interface App {
  readonly page: Page;
  readonly host: TestHost;
  readonly userDataDir: string;
  /** What lies outside the page; null under Electron. */
  readonly control: HostProcess | null;
  /** What main has written to its streams. */
  output(): string;
  /** Console errors, failed scripts and breaches of the content security policy so far. */
  problems(): string[];
  /** Ends the main process at once, as a crash does, and takes the page away. The folder stays until `close`. */
  kill(): Promise<void>;
  /** Ends the application in good order. Throws when the page had problems. */
  close(): Promise<void>;
}

export type { AppOptions, TestHost } from './app-options.ts';

const ROOT = resolve(import.meta.dirname, '../..');

/** The host of the browser tests on this computer. */
export function testHost(): TestHost {
  const runtime = installedRuntime();
  const usable = runtime !== null && hasDisplay(process.platform, process.env) && sandboxProblem(runtime) === null;
  return usable ? 'electron' : 'stand-in';
}

/** Starts the application and waits until its page has loaded. */
export async function launchApp(browser: Browser, options: AppOptions = {}): Promise<App> {
  const made = options.userDataDir === undefined;
  const userDataDir = options.userDataDir ?? (await mkdtemp(join(tmpdir(), 'relay-app-')));
  const launch: LaunchOptions = {
    locale: 'en-US',
    viewport: { width: 1280, height: 800 },
    colorScheme: 'light',
    // The browser tests' own copy of the bundles, see e2e/global-setup.ts.
    appDir: process.env.RELAY_TEST_APP ?? ROOT,
    ...options,
    userDataDir,
  };
  const host = testHost();
  const problems: string[] = [];
  const watch = (page: Page): Promise<void> => watchProblems(page, problems, options.expectedProblems ?? []);
  const launched = await (host === 'electron'
    ? launchUnderElectron(launch, watch)
    : launchOnStandIn(browser, launch, watch));
  let ended = false;
  const removeFolder = async (): Promise<void> => {
    if (made) await rm(userDataDir, { recursive: true, force: true, maxRetries: 5 });
  };
  return {
    page: launched.page,
    control: launched.control,
    host,
    userDataDir,
    output: () => launched.output(),
    problems: () => [...problems],
    async kill() {
      ended = true;
      // What a page says of the death of its main process is what the test asked for.
      const before = problems.length;
      await launched.kill();
      problems.length = before;
    },
    async close() {
      if (!ended) await launched.quit();
      ended = true;
      await removeFolder();
      if (problems.length > 0) throw new Error(`the page had problems:\n${problems.join('\n')}`);
    },
  };
}

/** Closes all of them, the last one first, whatever one of them says. Throws what was said first. */
export async function closeAll(apps: readonly App[]): Promise<void> {
  const said: unknown[] = [];
  for (const app of apps.toReversed()) await app.close().catch((error: unknown) => said.push(error));
  if (said.length > 0) throw said[0];
}

/**
 * Playwright's test with `launch`: starts applications, closes those that the test did not close itself, and keeps their
 * folders until the test has ended.
 */
export const test = base.extend<{ launch: (options?: AppOptions) => Promise<App> }>({
  launch: async ({ browser }, use) => {
    const apps: App[] = [];
    const folder = await mkdtemp(join(tmpdir(), 'relay-apps-'));
    // Counted when it is asked for: two may start at the same time.
    let started = 0;
    await use(async (options) => {
      started += 1;
      const app = await launchApp(browser, { userDataDir: join(folder, String(started)), ...options });
      apps.push(app);
      return app;
    });
    await closeAll(apps);
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  },
});
