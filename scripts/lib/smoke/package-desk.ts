/**
 * The packaged application, through the remote debugging port: its fuses forbid every way to evaluate code in main,
 * except this one, which is Chromium's. This has not been run yet, for lack of a runtime; the steps shared with the
 * stand-in have run there.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium, type Browser, type Page } from '@playwright/test';
import { checkFuses } from '../../../build/fuses.mjs';
import { watchProblems } from '../../../tests/helpers/app-problems.ts';
import { freePort } from '../../../tests/helpers/relay-process.ts';
import { SmokeSkip, type SmokeDesk, type SmokeStep } from '../../../tests/helpers/smoke-steps.ts';
import { endChild } from '../process.ts';
import { alterArchive } from './alter.ts';
import { deskEnvironment, type DeskOptions } from './electron-desk.ts';
import { exitOf } from './exit.ts';
import { mustHaveIndex, mustHaveTray } from './log-lines.ts';
import type { Packed } from './pack.ts';

/** Milliseconds for a started program to show its page, and between two checks. */
const START_MS = 30_000;
const LOOK_MS = 200;
/** The exit code that shows the program ran as Node. */
const AS_NODE = 42;

export class PackageDesk implements SmokeDesk {
  readonly userDataDir: string;
  readonly packed: Packed;
  /** After the third crash there is a dialog that cannot be clicked from outside. */
  readonly crash = null;
  private readonly env: Record<string, string>;
  private readonly complaints: string[] = [];
  private running: { child: ChildProcess; browser: Browser; page: Page } | null = null;

  constructor(packed: Packed, options: Omit<DeskOptions, 'program'>) {
    this.packed = packed;
    this.userDataDir = options.userDataDir;
    this.env = deskEnvironment(options.env);
  }

  get page(): Page {
    return this.now.page;
  }

  async open(): Promise<void> {
    const port = await freePort();
    const child = this.start([`--remote-debugging-port=${String(port)}`]);
    try {
      const browser = await connect(port, child);
      const page = await firstPage(browser);
      this.running = { child, browser, page };
      await watchProblems(page, this.complaints, []);
      // Reload, so that messages are captured from the first line.
      await page.reload();
    } catch (error) {
      await endChild(child);
      throw error;
    }
  }

  async quit(): Promise<void> {
    const { child, browser, page } = this.now;
    this.running = null;
    const gone = exitOf(child);
    // Closing the last window ends the program, except on macOS; Windows has no signal for it.
    if (process.platform === 'win32') {
      // Otherwise it asks whether to stay in the tray.
      await page.evaluate(() => window.relay.settings.update({ closeWay: 'quit' }));
      await page.evaluate(() => globalThis.close());
    } else child.kill('SIGTERM');
    const code = await gone;
    await browser.close();
    if (code !== 0) throw new Error(`it ended with ${String(code)}`);
  }

  /** Kills it, whatever state it is in. */
  async kill(): Promise<void> {
    const { running } = this;
    this.running = null;
    if (running) await endChild(running.child);
  }

  async startSecond(): Promise<number | null> {
    return exitOf(this.start([]));
  }

  /** Starts the program with this test's data. */
  start(args: string[], more: Record<string, string> = {}): ChildProcess {
    return spawn(this.packed.program, [`--user-data-dir=${this.userDataDir}`, ...args], {
      stdio: 'ignore',
      env: { ...this.env, ...more },
    });
  }

  async window(): Promise<{ visible: boolean; maximized: boolean }> {
    return this.page.evaluate(() => ({
      visible: document.visibilityState === 'visible',
      // A window manager may reserve space for its own bars.
      maximized: outerWidth >= screen.availWidth * 0.95 && outerHeight >= screen.availHeight * 0.9,
    }));
  }

  problems(): string[] {
    return [...this.complaints];
  }

  private get now(): { child: ChildProcess; browser: Browser; page: Page } {
    if (!this.running) throw new Error('the program is not open');
    return this.running;
  }
}

/** Connects as soon as the port responds. */
async function connect(port: number, child: ChildProcess): Promise<Browser> {
  const until = Date.now() + START_MS;
  for (;;) {
    try {
      return await chromium.connectOverCDP(`http://127.0.0.1:${String(port)}`, { noDefaults: true });
    } catch (error) {
      if (child.exitCode !== null)
        throw new Error(`the program ended with ${String(child.exitCode)}`, { cause: error });
      if (Date.now() > until) throw error;
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  }
}

async function firstPage(browser: Browser): Promise<Page> {
  const [context] = browser.contexts();
  if (!context) throw new Error('the program has no context for pages');
  return context.pages()[0] ?? context.waitForEvent('page', { timeout: START_MS });
}

/** Steps that only apply to the packaged program; the last one leaves it broken. */
export const PACKAGE_STEPS: readonly SmokeStep<PackageDesk>[] = [
  {
    name: 'the data lies in a folder of this test, and the fuses are burnt',
    async run({ packed, userDataDir }) {
      await readFile(join(userDataDir, 'accounts.json'));
      const app = packed.program.indexOf('.app/');
      await checkFuses(app < 0 ? packed.program : packed.program.slice(0, app + '.app'.length));
    },
  },
  {
    name: "the store's thread runs from the archive, with its full-text index",
    run: (desk) => mustHaveIndex(desk.userDataDir),
  },
  { name: 'the tray stands, with pictures beside the archive', run: (desk) => mustHaveTray(desk.userDataDir) },
  {
    name: 'ELECTRON_RUN_AS_NODE is ignored',
    async run(desk) {
      // As Node it would run the code; as the application it finds the first instance and exits.
      const code = `process.exit(${String(AS_NODE)})`;
      const ended = await exitOf(desk.start(['-e', code], { ELECTRON_RUN_AS_NODE: '1' }));
      if (ended !== 0) throw new Error(ended === AS_NODE ? 'it ran as Node' : `it ended with ${String(ended)}`);
    },
  },
  {
    name: 'an altered archive is refused',
    async run(desk) {
      if (process.platform === 'linux') throw new SmokeSkip('Electron looks at the archive on Windows and macOS only');
      await desk.quit();
      await alterArchive(desk.packed.asar);
      try {
        await desk.open();
      } catch {
        // Expected: it exited before showing a page.
        return;
      }
      await desk.kill();
      throw new Error('it runs');
    },
  },
];
