import { execFileSync } from 'node:child_process';
import { cpus, release, totalmem, type as system } from 'node:os';

/** What the figures were measured on. */
export interface Machine {
  cores: number;
  processor: string;
  memoryGiB: number;
  system: string;
  node: string;
  browser: string;
}

/** Reads the machine's size and the versions that matter. */
export function describeMachine(browserPath: string): Machine {
  const all = cpus();
  return {
    cores: all.length,
    processor: all[0]?.model.trim() ?? 'unknown',
    memoryGiB: Math.round(totalmem() / 1024 ** 3),
    system: `${system()} ${release()}`,
    node: process.version,
    browser: execFileSync(browserPath, ['--version'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim(),
  };
}
