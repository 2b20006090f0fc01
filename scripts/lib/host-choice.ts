/** Chooses where the application runs: Electron, the stand-in in a browser, or an address the user opens. */
import { findBrowser } from './browser.ts';
import { electronRuntime, installedRuntime } from './electron-runtime.ts';
import { canUseApt, installByApt } from './install-browser.ts';
import { sandboxProblem } from './sandbox.ts';

export interface Wish {
  /** `--electron`, `--stand-in`, `--print`. */
  host: 'any' | 'electron' | 'stand-in' | 'print';
}

export type HostChoice = { line: string } & (
  { kind: 'electron'; runtime: string } | { kind: 'browser'; browser: string } | { kind: 'print' }
);

/** The environment the choice depends on, injected so that each path can be tested. */
export interface Surroundings {
  hasDisplay: boolean;
  /** Why Electron's sandbox cannot work here, phrased to follow the word "Electron"; null when it can. */
  sandbox(): string | null;
  runtime(): Promise<{ file: string } | { reason: string }>;
  browser(): string | null;
  /** Null if no browser can be installed. */
  installBrowser: (() => Promise<string | null>) | null;
}

/** True when windows can be displayed. */
export function hasDisplay(platform: NodeJS.Platform, env: NodeJS.ProcessEnv): boolean {
  return platform !== 'linux' || Boolean(env.DISPLAY) || Boolean(env.WAYLAND_DISPLAY);
}

/** The real environment. */
export function here(wish: Wish): Surroundings {
  return {
    hasDisplay: hasDisplay(process.platform, process.env),
    sandbox: () => sandboxProblem(installedRuntime()),
    runtime: () => electronRuntime(wish.host === 'electron'),
    browser: findBrowser,
    installBrowser: canUseApt() ? installByApt : null,
  };
}

/** Chooses, and explains the choice in one line. */
export async function chooseHost(wish: Wish, around: Surroundings): Promise<HostChoice> {
  if (wish.host === 'print') return printed('you asked for the address');
  if (!around.hasDisplay) return printed('there is no display here');
  const why = wish.host === 'stand-in' ? 'you asked for it' : await withoutElectron(wish, around);
  if (typeof why !== 'string') {
    return { kind: 'electron', runtime: why.file, line: `Relay runs under Electron (${why.file}).` };
  }
  const browser = around.browser() ?? (await around.installBrowser?.()) ?? null;
  if (browser === null) return printed(`${why}, and no Chrome, Chromium or Edge was found`);
  return {
    kind: 'browser',
    browser,
    line: `Relay runs on its stand-in for Electron, the same app in windows of ${browser}: ${why}.`,
  };
}

/** The runtime, or the reason why none can be used. */
async function withoutElectron(wish: Wish, around: Surroundings): Promise<{ file: string } | string> {
  // Checked before downloading the runtime, which would be pointless. An explicit `--electron` is tried anyway: an
  // AppArmor profile for this very executable cannot be detected from here.
  const problem = wish.host === 'electron' ? null : around.sandbox();
  if (problem !== null) return `Electron ${problem}`;
  const runtime = await around.runtime();
  return 'file' in runtime ? runtime : runtime.reason;
}

function printed(why: string): HostChoice {
  return {
    kind: 'print',
    line: `Relay runs on its stand-in for Electron, the same app in a browser window that you open: ${why}.`,
  };
}
