/** Waits for a child process to exit. */
import type { ChildProcess } from 'node:child_process';

/** Milliseconds a program gets to exit by itself. */
const LONGEST_MS = 20_000;

/**
 * The exit code, or null if it was ended by a signal or did not exit in time (and was killed). Rejects if it never
 * started.
 */
export async function exitOf(child: ChildProcess, longest = LONGEST_MS): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const { promise, resolve, reject } = Promise.withResolvers<number | null>();
  child.once('error', reject);
  child.once('exit', (code) => resolve(code));
  const late = setTimeout(() => child.kill('SIGKILL'), longest);
  return promise.finally(() => clearTimeout(late));
}
