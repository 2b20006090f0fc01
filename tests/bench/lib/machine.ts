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

function versionOf(program: string): string {
  return execFileSync(program, ['--version'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
}

/** Reads the machine's size and the versions that matter. @param browserPath null for a run without a browser. */
export function describeMachine(browserPath: string | null): Machine {
  const all = cpus();
  return {
    cores: all.length,
    processor: all[0]?.model.trim() ?? 'unknown',
    memoryGiB: Math.round(totalmem() / 1024 ** 3),
    system: `${system()} ${release()}`,
    node: process.version,
    browser: browserPath === null ? 'no browser' : versionOf(browserPath),
  };
}
