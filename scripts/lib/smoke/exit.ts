/** The end of a child. */
import type { ChildProcess } from 'node:child_process';

/** Milliseconds that a program gets to end by itself. */
const LONGEST_MS = 20_000;

/** The exit code, or null when it did not end in time (it is killed then) or by a signal. Rejects when it never started. */
export async function exitOf(child: ChildProcess, longest = LONGEST_MS): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const { promise, resolve, reject } = Promise.withResolvers<number | null>();
  child.once('error', reject);
  child.once('exit', (code) => resolve(code));
  const late = setTimeout(() => child.kill('SIGKILL'), longest);
  return promise.finally(() => clearTimeout(late));
}
