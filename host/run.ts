/** Runs the application's main bundle under Node with the stand-in in place of Electron. See README.md. */
import { spawn } from 'node:child_process';
import { registerHooks } from 'node:module';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Contents } from './contents.ts';
import { startControl, tellParent } from './control.ts';
import { setCurrent } from './current.ts';
import { createModules, type Parts } from './modules/index.ts';
import { readOptions, type RunOptions } from './options.ts';
import { startOutsideServer, type OutsideServer } from './outside-server.ts';
import { Runtime, type Screen } from './runtime.ts';
import { announceScreen } from './screens/announce.ts';
import { BrowserScreen, type WindowPlace } from './screens/browser.ts';

const ELECTRON = /^electron(\/(main|common))?$/;

/** Resolves every import or require of `electron` in main to the stand-in's module. */
function resolveElectronHere(): void {
  const url = new URL('./electron.ts', import.meta.url).href;
  registerHooks({
    resolve: (specifier, context, next) =>
      ELECTRON.test(specifier) ? { url, shortCircuit: true } : next(specifier, context),
  });
}

/** Sets the properties of `process` that Electron sets. Only a packaged application has its resources next to it. */
function dressProcess({ packaged, appDir, argv }: RunOptions): void {
  Object.defineProperties(process, {
    type: { value: 'browser' },
    defaultApp: { value: packaged ? undefined : true },
    resourcesPath: { value: packaged ? dirname(appDir) : join(dirname(process.execPath), 'resources') },
  });
  process.argv = [process.execPath, ...(packaged ? [] : [appDir]), ...argv];
}

/** Opens a URL with the system's default handler. */
function openBySystem(url: string): void {
  const [command = '', ...args] =
    process.platform === 'win32'
      ? ['rundll32', 'url.dll,FileProtocolHandler', url]
      : [process.platform === 'darwin' ? 'open' : 'xdg-open', url];
  spawn(command, args, { stdio: 'ignore', detached: true })
    .on('error', (error) => process.stderr.write(`${url} was not opened: ${error.message}\n`))
    .unref();
}

async function start(): Promise<void> {
  const options = readOptions(process.argv.slice(2), process.env);
  // These parts depend on each other: the screen is used only once there are windows.
  const late: { parts?: Parts; browser?: BrowserScreen; outside?: OutsideServer } = {};
  const runtime: Runtime = new Runtime(options, createScreen());

  function createScreen(): Screen {
    const address = (life: 'once' | 'run') => (contents: Contents) =>
      runtime.server.access.ticketAddress(contents.id, life);
    if (options.screen === 'parent') {
      return announceScreen(
        (windowId, at) => tellParent({ kind: 'window', windowId, address: at }),
        address('run'),
        (contents, scheme) => tellParent({ kind: 'colours', windowId: contents.id, scheme }),
      );
    }
    if (options.screen === 'print') {
      return announceScreen((windowId, at) => {
        // The parent process knows which user the window is for, and prints the address with that.
        if (process.connected) tellParent({ kind: 'window', windowId, address: at });
        else process.stdout.write(`Open this address in Chrome, Chromium or Edge:\n  ${at}\n`);
      }, address('run'));
    }
    late.browser = new BrowserScreen({
      browser: options.browser,
      profile: () => join(late.parts?.app.getPath('userData') ?? options.appDir, 'stand-in-browser'),
      addressOf: address('once'),
      placeOf: ({ id }) => windowPlace(late.parts, id),
      contentsOf: (id) => runtime.contents.get(id),
      log: (line) => process.stderr.write(`${line}\n`),
    });
    return late.browser;
  }

  const end = (code: number): void => {
    // A hanging shutdown must not keep the process alive.
    setTimeout(() => process.exit(code), 5000).unref();
    void Promise.allSettled([
      runtime.server.close(),
      late.browser?.end(),
      late.outside?.close(),
      late.parts?.lock.told(),
    ]).then(() => {
      runtime.removeGiven();
      process.exit(code);
    });
  };
  await runtime.server.listen();
  if (options.screen !== 'parent') {
    late.outside = await startOutsideServer(runtime.outside);
    process.stdout.write(`Notifications, the tray and dialogs are at\n  ${late.outside.address}\n`);
  }
  const { modules, parts } = createModules(runtime, end, options.screen === 'parent' ? null : openBySystem);
  late.parts = parts;
  setCurrent(modules);
  startControl(runtime, parts);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => parts.app.quit());

  resolveElectronHere();
  dressProcess(options);
  const manifest = JSON.parse(readFileSync(join(options.appDir, 'package.json'), 'utf8')) as { main: string };
  await import(pathToFileURL(join(options.appDir, manifest.main)).href);
  parts.app.becomeReady(parts.session.whole);
}

/** The size, and the position if main has set one; otherwise the system chooses. */
function windowPlace(parts: Parts | undefined, id: number): WindowPlace {
  const window = [...(parts?.windows ?? [])].find((candidate) => candidate.id === id);
  const { width, height, x, y } = window?.getBounds() ?? { x: 0, y: 0, width: 1280, height: 800 };
  const asked = window?.options.x !== undefined && window.options.y !== undefined;
  return { width, height, position: asked ? { x, y } : null };
}

start().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exit(1);
});
