/** One process for all runs, instead of one for each: to start it costs more than most tests. */
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { PoolOptions, PoolRunnerInitializer, PoolWorker } from 'vitest/node';

const ENTRY = fileURLToPath(new URL('worker.ts', import.meta.url));

export class LastingPool implements PoolRunnerInitializer {
  readonly name = 'lasting';
  #child: ChildProcess | null = null;

  createPoolWorker(options: PoolOptions): PoolWorker {
    const child = (): ChildProcess => (this.#child ??= this.#start(options));
    return {
      name: this.name,
      cacheFs: true,
      start: async () => void child(),
      // Its work is done; the process waits for the next.
      stop: async () => undefined,
      on: (event, run) => void child().on(event, run),
      off: (event, run) => void this.#child?.off(event, run),
      send: (message) => void child().send(message),
      deserialize: (message) => message,
    };
  }

  /** Ends the process, whatever it does; the next run gets a new one. */
  kill(): void {
    this.#child?.kill('SIGKILL');
    this.#child = null;
  }

  #start({ env, execArgv }: PoolOptions): ChildProcess {
    const started = fork(ENTRY, [], {
      env: { ...process.env, ...env },
      execArgv: ['--disable-warning=ExperimentalWarning', ...execArgv],
      serialization: 'advanced',
      // What mutants print is nobody's.
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    started.setMaxListeners(0);
    return started;
  }
}
