/** Runs test files, one at a time, with one mutant on or none, in a process that stays. */
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createVitest, type Vitest } from 'vitest/node';
import type { Order } from './order.ts';
import { LastingPool } from './pool.ts';

const SETUP = fileURLToPath(new URL('setup.ts', import.meta.url));

export interface FileRun {
  /** `broken`: no test has failed, but something was thrown outside of all of them. */
  end: 'passed' | 'failed' | 'broken' | 'late';
  ms: number;
  /** How often each mutant was asked; only where none was on. */
  asked: ReadonlyMap<number, number>;
  /** What went wrong first. */
  problem: string | null;
}

export interface TestProcessOptions {
  root: string;
  /** Absolute paths of test files. */
  tests: readonly string[];
  /** The text to load for a source instead of what stands on the disk; null for what is not changed. */
  sourceOf: (file: string) => string | null;
}

export class TestProcess {
  readonly #vitest: Vitest;
  readonly #pool: LastingPool;

  private constructor(vitest: Vitest, pool: LastingPool) {
    this.#vitest = vitest;
    this.#pool = pool;
  }

  static async open({ root, tests, sourceOf }: TestProcessOptions): Promise<TestProcess> {
    const pool = new LastingPool();
    const vitest = await createVitest(
      'test',
      {
        root,
        config: false,
        watch: false,
        include: [...tests],
        setupFiles: [SETUP],
        pool,
        maxWorkers: 1,
        isolate: true,
        bail: 1,
        testTimeout: 30_000,
        hookTimeout: 30_000,
        reporters: [{}],
        // It knows a text by its file alone, and would give back the mutants of an earlier run.
        fsModuleCache: false,
      },
      {
        logLevel: 'silent',
        plugins: [
          {
            name: 'mutants',
            enforce: 'pre',
            transform: (_code, id) => {
              const code = sourceOf(resolve(id.split('?')[0] ?? id));
              return code === null ? null : { code, map: null };
            },
          },
        ],
      },
    );
    return new TestProcess(vitest, pool);
  }

  /** Runs one test file. After `limitMs` it counts as late, and its process is ended. */
  async run(file: string, order: Order, limitMs: number): Promise<FileRun> {
    const vitest = this.#vitest;
    vitest.provide('order', order);
    const started = performance.now();
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      this.#pool.kill();
    }, limitMs);
    // A file that ran before is forgotten, or its result would stand where this run has none.
    vitest.state.filesMap.delete(file);
    const specification = vitest.getRootProject().createSpecification(file);
    const { testModules, unhandledErrors } = await vitest.runTestSpecifications([specification]);
    clearTimeout(timer);
    // Vitest counts a failure that was to be expected as the program's own.
    process.exitCode = 0;
    const own = testModules.find(({ moduleId }) => moduleId === file);
    const ms = performance.now() - started;
    const asked = new Map(own?.meta().asked ?? []);
    if (isLate) return { end: 'late', ms, asked, problem: null };
    const problems = [
      ...[...(own?.children.allTests('failed') ?? [])].map((test) => `${test.fullName}: ${firstError(test)}`),
      ...(own?.errors() ?? []).map(({ message }) => message),
    ];
    const [problem] = problems;
    if (problem !== undefined || own?.state() === 'failed')
      return { end: 'failed', ms, asked, problem: problem ?? null };
    if (unhandledErrors.length > 0 || !own) {
      const [first] = unhandledErrors;
      return { end: 'broken', ms, asked, problem: first instanceof Error ? first.message : JSON.stringify(first) };
    }
    return { end: 'passed', ms, asked, problem: null };
  }

  /** A fresh process for the next run. */
  renew(): void {
    this.#pool.kill();
  }

  async close(): Promise<void> {
    await this.#vitest.close();
    this.#pool.kill();
  }
}

function firstError(test: { result(): { errors?: readonly { message: string }[] | undefined } }): string {
  return test.result().errors?.[0]?.message ?? '';
}
