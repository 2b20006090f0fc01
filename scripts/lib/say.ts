/** Output of the scripts: short lines, and a progress line that updates in place on a terminal. */

export function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

export function warn(line: string): void {
  process.stderr.write(`${line}\n`);
}

export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

/** Shows `text` with the elapsed seconds until `work` ends. Passes on its result or failure. */
export async function withProgress<T>(text: string, work: () => Promise<T>): Promise<T> {
  const started = Date.now();
  const watched = process.stdout.isTTY;
  const draw = (): void => void process.stdout.write(`\r\x1b[K${text} ${Math.round((Date.now() - started) / 1000)} s`);
  if (!watched) say(text);
  const timer = watched ? setInterval(draw, 1000) : null;
  if (watched) draw();
  try {
    return await work();
  } finally {
    if (timer) clearInterval(timer);
    if (watched) process.stdout.write(`\r\x1b[K${text} ${seconds(Date.now() - started)}\n`);
  }
}

/** Ends the process with a single clear message. */
export class Stop extends Error {}

/** Runs a script's main function: a Stop prints its message, anything else is a bug and prints its stack. */
export async function runMain(main: () => Promise<number | void>): Promise<void> {
  try {
    process.exitCode = (await main()) ?? 0;
  } catch (error) {
    warn(
      error instanceof Stop ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error),
    );
    process.exitCode = 1;
  }
}
