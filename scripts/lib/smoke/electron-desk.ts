/**
 * The application under Electron, from the project folder: Playwright starts it with the sandbox enabled and evaluates
 * code in main. This has not been run yet, for lack of a runtime: every call was checked against electron.d.ts of the
 * pinned version and Playwright's source. The steps shared with the stand-in have run there.
 */
import { spawn } from 'node:child_process';
import { release } from 'node:os';
import { join } from 'node:path';
import type { ElectronApplication, Page } from '@playwright/test';
import { watchProblems } from '../../../tests/helpers/app-problems.ts';
import type { SmokeDesk, SmokeStep } from '../../../tests/helpers/smoke-steps.ts';
import { launchElectron } from '../launch-electron.ts';
import { ROOT } from '../paths.ts';
import { endChild } from '../process.ts';
import { exitOf } from './exit.ts';
import { mustHaveIndex, mustHaveTray } from './log-lines.ts';

export interface DeskOptions {
  /** The runtime's executable, or the packaged one. */
  program: string;
  userDataDir: string;
  /** Added to this process's environment. */
  env: Record<string, string>;
}

/** This process's environment, without variables that would affect the application accidentally, plus `more`. */
export function deskEnvironment(more: Record<string, string>): Record<string, string> {
  const kept = Object.entries(process.env).flatMap(([name, value]) =>
    value === undefined || /^(RELAY_|ELECTRON_|NODE_)/.test(name) ? [] : [[name, value] as const],
  );
  return { ...Object.fromEntries(kept), ...more };
}

export class ElectronDesk implements SmokeDesk {
  readonly userDataDir: string;
  private readonly options: DeskOptions;
  private readonly complaints: string[] = [];
  private running: { app: ElectronApplication; page: Page } | null = null;

  constructor(options: DeskOptions) {
    this.options = options;
    this.userDataDir = options.userDataDir;
  }

  get page(): Page {
    return this.now.page;
  }

  /** The handle to main. */
  get app(): ElectronApplication {
    return this.now.app;
  }

  async open(): Promise<void> {
    const app = await launchElectron(this.options.program, { args: [ROOT], env: this.env() });
    const page = await app.firstWindow();
    this.running = { app, page };
    await watchProblems(page, this.complaints, []);
    // Reload, so that messages are captured from the first line.
    await page.reload();
  }

  async quit(): Promise<void> {
    const { app } = this.now;
    this.running = null;
    await app.close();
  }

  /** Kills it, whatever state it is in. */
  async kill(): Promise<void> {
    const child = this.running?.app.process();
    this.running = null;
    if (child) await endChild(child);
  }

  async startSecond(): Promise<number | null> {
    return exitOf(spawn(this.options.program, [ROOT], { stdio: 'ignore', env: this.env() }));
  }

  readonly crash = async (told: boolean): Promise<void> => {
    const { app } = this;
    const asked = await app.evaluate(async ({ BrowserWindow, dialog }) => {
      const contents = BrowserWindow.getAllWindows()[0]?.webContents;
      if (!contents) throw new Error('there is no window');
      let dialogs = 0;
      const usual = dialog.showMessageBox.bind(dialog);
      // No one is there to click: answer "Try again", the first button.
      dialog.showMessageBox = async () => {
        dialogs += 1;
        return { response: 0, checkboxChecked: false };
      };
      try {
        const back = new Promise<void>((resolve) => contents.once('did-finish-load', () => resolve()));
        contents.forcefullyCrashRenderer();
        await back;
        // Until the first screen is shown; by then the page's code is ours and can be evaluated at any time.
        const shown = `document.querySelector('nav a[href*="/chats"]') !== null`;
        while ((await contents.executeJavaScript(shown)) !== true) {
          await new Promise((resolve) => setTimeout(resolve, 100));
        }
        return dialogs;
      } finally {
        dialog.showMessageBox = usual;
      }
    });
    if (asked !== (told ? 1 : 0)) throw new Error(`${String(asked)} dialogs were shown`);
  };

  async window(): Promise<{ visible: boolean; maximized: boolean }> {
    return this.app.evaluate(({ BrowserWindow }) => {
      const [window] = BrowserWindow.getAllWindows();
      return { visible: window?.isVisible() === true, maximized: window?.isMaximized() === true };
    });
  }

  problems(): string[] {
    return [...this.complaints];
  }

  private env(): Record<string, string> {
    return deskEnvironment({ ...this.options.env, RELAY_USER_DATA: this.userDataDir });
  }

  private get now(): { app: ElectronApplication; page: Page } {
    if (!this.running) throw new Error('the application is not open');
    return this.running;
  }
}

/** All versions in one line, for the report. */
export async function versionLine(app: ElectronApplication): Promise<string> {
  const { electron, chrome, node, v8, arch } = await app.evaluate(() => ({ ...process.versions, arch: process.arch }));
  return `Electron ${electron}, Chromium ${chrome}, Node ${node}, V8 ${v8}, on ${process.platform} ${release()} ${arch}`;
}

/** Steps that need to evaluate code in main: the fuses of the packaged program forbid that. */
export const MAIN_STEPS: readonly SmokeStep<ElectronDesk>[] = [
  {
    name: 'the sandbox is on',
    async run({ app }) {
      const off = await app.evaluate(({ app: main }) =>
        ['no-sandbox', 'disable-setuid-sandbox'].filter((name) => main.commandLine.hasSwitch(name)),
      );
      if (off.length > 0) throw new Error(`it runs with --${off.join(' --')}`);
    },
  },
  {
    name: 'key store round trip',
    async run({ app }) {
      return app.evaluate(async ({ safeStorage }) => {
        if (!(await safeStorage.isAsyncEncryptionAvailable())) throw new Error('there is no key store');
        const { result } = await safeStorage.decryptStringAsync(await safeStorage.encryptStringAsync('round trip'));
        if (result !== 'round trip') throw new Error('what was encrypted came back as something else');
        return process.platform === 'linux' ? safeStorage.getSelectedStorageBackend() : process.platform;
      });
    },
  },
  {
    name: 'the picture of the window is not empty, and the tray stands',
    async run({ app, userDataDir }) {
      const folder = join(ROOT, 'build', 'tray');
      const files = [join(folder, 'window.png')];
      const empty = await app.evaluate(
        ({ nativeImage }, names) => names.filter((name) => nativeImage.createFromPath(name).isEmpty()),
        files,
      );
      if (empty.length > 0) throw new Error(`empty: ${empty.join(', ')}`);
      await mustHaveTray(userDataDir);
    },
  },
  {
    name: "the store's thread has its full-text index",
    run: ({ userDataDir }) => mustHaveIndex(userDataDir),
  },
];
