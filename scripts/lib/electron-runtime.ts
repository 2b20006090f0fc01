/** Locates Electron's runtime, or tries to download it, which not every network allows. */
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { CACHE, ROOT } from './paths.ts';
import { withProgress } from './say.ts';

const PACKAGE = join(ROOT, 'node_modules', 'electron');
const TRIED = join(CACHE, 'electron-not-fetched');
/** Milliseconds until a failed download is retried, unless requested explicitly. */
const AGAIN_MS = 24 * 3600_000;
const LONGEST_FETCH_MS = 180_000;

export type Runtime = { file: string } | { reason: string };

function platformFile(platform: NodeJS.Platform): string {
  if (platform === 'darwin') return 'Electron.app/Contents/MacOS/Electron';
  return platform === 'win32' ? 'electron.exe' : 'electron';
}

/**
 * The runtime's executable if the installation is complete, by the same criteria as the package's install script: the
 * package's version, and `path.txt`, which is written after everything is unpacked.
 */
export function installedRuntime(
  env: NodeJS.ProcessEnv = process.env,
  folder = PACKAGE,
  platform: NodeJS.Platform = process.platform,
): string | null {
  const program = platformFile(platform);
  const other = env.ELECTRON_OVERRIDE_DIST_PATH;
  if (other) return existsSync(join(other, program)) ? join(other, program) : null;
  const file = join(folder, 'dist', program);
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string };
  const whole =
    textOf(join(folder, 'path.txt')) === program &&
    textOf(join(folder, 'dist', 'version')).replace(/^v/, '') === version &&
    existsSync(file);
  return whole ? file : null;
}

/** The contents of a file; empty if it does not exist. */
function textOf(file: string): string {
  return existsSync(file) ? readFileSync(file, 'utf8').trim() : '';
}

/** Finds or downloads the runtime, or returns why there is none. `insist` retries even after a recent failure. */
export async function electronRuntime(insist: boolean): Promise<Runtime> {
  const installed = installedRuntime();
  if (installed !== null) return { file: installed };
  if (process.env.ELECTRON_OVERRIDE_DIST_PATH) {
    return {
      reason: `there is no runtime in ELECTRON_OVERRIDE_DIST_PATH (${process.env.ELECTRON_OVERRIDE_DIST_PATH})`,
    };
  }
  if (!insist && existsSync(TRIED) && Date.now() - statSync(TRIED).mtimeMs < AGAIN_MS) {
    return {
      reason: `Electron's runtime could not be fetched (${readFileSync(TRIED, 'utf8')}); --electron tries again`,
    };
  }
  const failure = await withProgress("Fetching Electron's runtime (about 120 MB, once) ...", fetchRuntime);
  const fetched = installedRuntime();
  if (fetched !== null) return { file: fetched };
  mkdirSync(CACHE, { recursive: true });
  writeFileSync(TRIED, failure);
  return { reason: `Electron's runtime could not be fetched (${failure})` };
}

/** Runs the package's own download; returns the failure reason in a few words. */
async function fetchRuntime(): Promise<string> {
  const child = spawn(process.execPath, [join(PACKAGE, 'install.js')], {
    cwd: ROOT,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let output = '';
  child.stderr.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  const late = setTimeout(() => child.kill('SIGKILL'), LONGEST_FETCH_MS);
  const code = await new Promise<number | null>((resolve) => {
    child.on('error', () => resolve(1));
    child.on('close', resolve);
  });
  clearTimeout(late);
  if (code === null) return `no end after ${LONGEST_FETCH_MS / 1000} s`;
  const line = /^(?:\w*Error: )?(.+)$/m.exec(output)?.[1] ?? 'the download failed';
  return line.slice(0, 120);
}
