/** Child processes of the scripts. */
import { spawn, spawnSync, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { ROOT } from './paths.ts';

export interface RunResult {
  code: number;
  ms: number;
}

/** Runs a program to completion on this terminal. */
export async function run(command: string, args: string[], options: SpawnOptions = {}): Promise<RunResult> {
  const started = Date.now();
  const child = spawn(command, args, { cwd: ROOT, stdio: 'inherit', ...options });
  const undo = passSignals(child);
  const code = await new Promise<number>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status) => resolve(status ?? 1));
  }).finally(undo);
  return { code, ms: Date.now() - started };
}

/** Keeps this process waiting for the child, and forwards signals to it. */
function passSignals(child: ChildProcess): () => void {
  const pass = (signal: NodeJS.Signals): void => {
    // The terminal has already signalled the child.
    if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, pass);
  return () => {
    for (const signal of signals) process.off(signal, pass);
  };
}

/** Runs a script or a package's program with the current Node. */
export async function runNode(args: string[], options: SpawnOptions = {}): Promise<RunResult> {
  return run(process.execPath, ['--disable-warning=ExperimentalWarning', ...args], options);
}

/** Runs the npm that started this process, otherwise the one in PATH. */
export async function runNpm(args: string[], options: SpawnOptions = {}): Promise<RunResult> {
  const npm = process.env.npm_execpath;
  if (npm?.endsWith('.js')) return run(process.execPath, [npm, ...args], options);
  // A .cmd file needs a shell; the arguments are our own and need no quoting.
  return process.platform === 'win32' ? run('npm.cmd', args, { ...options, shell: true }) : run('npm', args, options);
}

/** The JavaScript file behind a package's command. */
export function binOf(packageName: string, file: string): string {
  return join(ROOT, 'node_modules', packageName, file);
}

/** Ends a child and all its descendants: gracefully, then by force. */
export async function endChild(child: ChildProcess, patienceMs = 6000): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const gone = once(child, 'exit');
  const force = setTimeout(() => {
    if (process.platform === 'win32') spawnSync('taskkill', ['/pid', String(child.pid), '/T', '/F']);
    else child.kill('SIGKILL');
  }, patienceMs);
  // Windows has no signals: the child is notified by closing its IPC channel instead, if it has one.
  if (child.connected) child.disconnect();
  else child.kill('SIGTERM');
  await gone;
  clearTimeout(force);
}

/** The full path of a program in PATH, or null. */
export function which(name: string, env: NodeJS.ProcessEnv = process.env): string | null {
  const endings = process.platform === 'win32' ? ['.exe', '.cmd'] : [''];
  for (const folder of (env.PATH ?? '').split(delimiter)) {
    for (const ending of endings) {
      const file = join(folder, name + ending);
      if (folder !== '' && isExecutable(file)) return file;
    }
  }
  return null;
}

export function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error) return false;
    throw error;
  }
}
