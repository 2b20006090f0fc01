/**
 * Windows as app-mode windows of a Chromium browser on this computer, with its own profile. The browser is controlled
 * through DevTools over pipes, which no other process can reach.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import type { Readable, Writable } from 'node:stream';
import type { Contents } from '../contents.ts';
import type { Screen } from '../runtime.ts';
import { browserEnv } from './browser-env.ts';
import { DevtoolsPipe } from './devtools-pipe.ts';

/** Where a window belongs on the display, in pixels; without a position the system chooses one. */
export interface WindowPlace {
  width: number;
  height: number;
  position: { x: number; y: number } | null;
}

export interface BrowserScreenOptions {
  browser: string;
  /** The folder of the browser's profile. */
  profile(): string;
  /** A new single-use address. */
  addressOf(contents: Contents): string;
  placeOf(contents: Contents): WindowPlace;
  contentsOf(windowId: number): Contents | undefined;
  log(line: string): void;
}

const CLOSE_MS = 3000;

export class BrowserScreen implements Screen {
  private readonly options: BrowserScreenOptions;
  private child: ChildProcess | null = null;
  private pipe: DevtoolsPipe | null = null;
  private readonly targets = new Map<number, string>();
  private readonly schemes = new Map<number, 'light' | 'dark' | 'system'>();

  constructor(options: BrowserScreenOptions) {
    this.options = options;
  }

  open(contents: Contents): void {
    const targetId = this.targets.get(contents.id);
    if (targetId !== undefined) {
      void this.navigate(targetId, this.options.addressOf(contents));
      return;
    }
    const { width, height, position } = this.options.placeOf(contents);
    const args = [`--user-data-dir=${this.options.profile()}`, `--window-size=${width},${height}`];
    if (position) args.push(`--window-position=${position.x},${position.y}`);
    args.push(`--app=${this.options.addressOf(contents)}`);
    if (this.child) {
      // The running browser with this profile opens the window, and the spawned process exits.
      spawn(this.options.browser, args, { stdio: 'ignore', env: browserEnv() }).on('error', (error) =>
        this.options.log(error.message),
      );
    } else {
      this.start(args);
    }
  }

  raise(contents: Contents): void {
    const targetId = this.targets.get(contents.id);
    if (targetId === undefined) this.open(contents);
    else this.call('Target.activateTarget', { targetId });
  }

  close(contents: Contents): void {
    const targetId = this.targets.get(contents.id);
    this.targets.delete(contents.id);
    if (targetId === undefined) return;
    // The user may have closed it already.
    this.pipe?.call('Target.closeTarget', { targetId }).catch(() => undefined);
  }

  colours(contents: Contents, scheme: 'light' | 'dark' | 'system'): void {
    this.schemes.set(contents.id, scheme);
    const targetId = this.targets.get(contents.id);
    if (targetId !== undefined) void this.emulate(targetId, scheme);
  }

  /** Quits the browser. */
  async end(): Promise<void> {
    const { child } = this;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    this.call('Browser.close');
    const timer = setTimeout(() => child.kill('SIGKILL'), CLOSE_MS);
    await exited;
    clearTimeout(timer);
  }

  private start(args: string[]): void {
    mkdirSync(this.options.profile(), { recursive: true, mode: 0o700 });
    const flags = ['--remote-debugging-pipe', '--no-first-run', '--no-default-browser-check', '--disable-sync'];
    flags.push('--disable-features=Translate', '--hide-crash-restore-bubble');
    // Chromium does not run its sandbox as root; --test-type suppresses the resulting warning.
    if (process.getuid?.() === 0) flags.push('--no-sandbox', '--test-type');
    const child = spawn(this.options.browser, [...flags, ...args], {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
      env: browserEnv(),
    });
    this.child = child;
    child.on('error', (error) => this.options.log(`The browser did not start: ${error.message}`));
    child.on('exit', () => this.browserGone());
    this.pipe = new DevtoolsPipe(child.stdio[3] as Writable, child.stdio[4] as Readable);
    this.pipe.on('Target.targetInfoChanged', (params) => this.targetChanged(params));
    this.pipe.on('Target.targetDestroyed', (params) => this.targetGone(String(params.targetId), 'closed'));
    this.pipe.on('Target.targetCrashed', (params) => this.targetGone(String(params.targetId), 'crashed'));
    this.call('Target.setDiscoverTargets', { discover: true });
  }

  private targetChanged(params: Record<string, unknown>): void {
    const { targetId, url } = params.targetInfo as { targetId: string; url: string };
    const windowId = Number(/^http:\/\/127\.0\.0\.1:\d+\/w\/(\d+)\//.exec(url)?.[1] ?? 0);
    if (windowId === 0 || this.targets.get(windowId) === targetId) return;
    this.targets.set(windowId, targetId);
    const scheme = this.schemes.get(windowId);
    if (scheme !== undefined) void this.emulate(targetId, scheme);
  }

  private targetGone(targetId: string, how: 'closed' | 'crashed'): void {
    for (const [windowId, known] of this.targets) {
      if (known !== targetId) continue;
      const contents = this.options.contentsOf(windowId);
      if (how === 'crashed') {
        contents?.pageCrashed();
      } else {
        this.targets.delete(windowId);
        contents?.pageClosed();
      }
    }
  }

  private browserGone(): void {
    this.child = null;
    this.pipe = null;
    for (const windowId of [...this.targets.keys()]) {
      this.targets.delete(windowId);
      this.options.contentsOf(windowId)?.pageClosed();
    }
  }

  /** Reloads a window, for example after a crash. */
  private async navigate(targetId: string, url: string): Promise<void> {
    try {
      await this.pipe?.call('Page.navigate', { url }, await this.attach(targetId));
    } catch (error) {
      this.options.log(`The window was not loaded again: ${String(error)}`);
    }
  }

  private async attach(targetId: string): Promise<string> {
    const answer = await this.pipe?.call('Target.attachToTarget', { targetId, flatten: true });
    return String(answer?.sessionId);
  }

  private async emulate(targetId: string, scheme: 'light' | 'dark' | 'system'): Promise<void> {
    try {
      const features = [{ name: 'prefers-color-scheme', value: scheme === 'system' ? '' : scheme }];
      await this.pipe?.call('Emulation.setEmulatedMedia', { features }, await this.attach(targetId));
    } catch (error) {
      this.options.log(`The window's colours were not changed: ${String(error)}`);
    }
  }

  private call(method: string, params: object = {}): void {
    this.pipe?.call(method, params).catch((error: unknown) => {
      // The window may have gone away in the meantime.
      this.options.log(`${method}: ${String(error)}`);
    });
  }
}
