/** Starts the application on the stand-in host, with a page in a browser that is already running. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, CDPSession, Page } from '@playwright/test';
import type { ControlMessage } from '../../../host/control.ts';
import { openHostLink, type HostLink } from './host-link.ts';
import { installPageProbe } from './page-probe.ts';
import { installPageTrace } from '../trace/page-trace.ts';
import type { TraceRole } from '../trace/install.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
/** To be loaded before anything else of a process that is to be measured: an address, for Windows. */
export const PROBE = pathToFileURL(join(ROOT, 'tests/bench/lib/host-probe.ts')).href;
const READY_MS = 30_000;
const END_MS = 10_000;

export interface LaunchOptions {
  browser: Browser;
  userData: string;
  /** The folder with the package.json of the application. */
  appDir: string;
  server?: string;
  /** Put instruments into main and page. Starts are measured without the one in main. */
  probeMain?: boolean;
  /** Put the instruments of a trace into main and page as well. `prefix`: what a message is known by in the page. */
  trace?: { role: Extract<TraceRole, 'main' | 'start'>; prefix: string };
  /** Called with the page before it loads anything. */
  onPage?: (page: Page) => void;
}

export interface RunningApp {
  readonly page: Page;
  readonly devtools: CDPSession;
  /** Null when it was not asked for. */
  readonly main: HostLink | null;
  /** When the main process was started, in milliseconds since the epoch with fractions. */
  readonly startedAt: number;
  /** Console errors and failed scripts of the page so far. */
  readonly complaints: string[];
  close(): Promise<void>;
}

/** Now, as the pages' instrument tells it. */
export function epochNow(): number {
  return performance.timeOrigin + performance.now();
}

/** Starts the main process and opens its window's page. */
export async function launchApp(options: LaunchOptions): Promise<RunningApp> {
  const context = await options.browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-US' });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  options.onPage?.(page);
  await page.addInitScript(installPageProbe);
  if (options.trace) await page.addInitScript(installPageTrace, options.trace.prefix);
  const devtools = await context.newCDPSession(page);
  const main = options.probeMain || options.trace ? await openHostLink() : null;

  const startedAt = epochNow();
  const child = startMain(options, main);
  const output: string[] = [];
  child.stderr?.on('data', (chunk: Buffer) => output.push(chunk.toString()));
  const close = async (): Promise<void> => {
    await context.close();
    await endProcess(child);
    main?.close();
  };
  try {
    await page.goto(await windowAddress(child, output), { waitUntil: 'commit' });
  } catch (error) {
    await close();
    throw error;
  }
  return { page, devtools, main, startedAt, complaints, close };
}

function startMain(options: LaunchOptions, main: HostLink | null): ChildProcess {
  const probe = main ? ['--expose-gc', '--import', PROBE] : [];
  return spawn(process.execPath, [...probe, join(ROOT, 'host/run.ts'), `--app=${options.appDir}`, '--screen=parent'], {
    cwd: ROOT,
    env: {
      ...process.env,
      RELAY_USER_DATA: options.userData,
      RELAY_SERVER: options.server ?? '',
      RELAY_HOST_LANGUAGES: 'en-US',
      // As in the product, where nobody checks what main itself has made.
      RELAY_CHECK_ANSWERS: '0',
      RELAY_BENCH_PROBE: String(main?.port ?? 0),
      RELAY_BENCH_TRACE: options.trace?.role ?? '',
    },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
}

function windowAddress(child: ChildProcess, output: readonly string[]): Promise<string> {
  const { promise, resolve: found, reject } = Promise.withResolvers<string>();
  const late = setTimeout(() => reject(new Error(`no window after ${READY_MS} ms\n${output.join('')}`)), READY_MS);
  child.on('message', (message) => {
    const told = message as ControlMessage;
    if (told.kind === 'window') found(told.address);
  });
  child.once('error', reject);
  child.once('exit', (code) => reject(new Error(`the main process ended with ${code}\n${output.join('')}`)));
  return promise.finally(() => clearTimeout(late));
}

async function endProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  const late = setTimeout(() => child.kill('SIGKILL'), END_MS);
  await gone;
  clearTimeout(late);
}
