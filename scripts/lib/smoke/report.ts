/** One line per step of the smoke test, and a summary line. */
import { SmokeSkip, type SmokeDesk, type SmokeStep, type SmokeWorld } from '../../../tests/helpers/smoke-steps.ts';
import { seconds } from '../say.ts';

/** Milliseconds before a step counts as failed; whatever it started is ended together with its application. */
const LONGEST_STEP_MS = 90_000;

export class SmokeReport {
  passed = 0;
  failed = 0;
  skipped = 0;
  private readonly say: (line: string) => void;
  private readonly longest: number;

  constructor(say: (line: string) => void, longest = LONGEST_STEP_MS) {
    this.say = say;
    this.longest = longest;
  }

  /** Runs the steps in order; a failing step does not stop the others. */
  async take<Desk extends SmokeDesk>(steps: readonly SmokeStep<Desk>[], desk: Desk, world: SmokeWorld): Promise<void> {
    for (const { name, run } of steps) await this.step(name, () => run(desk, world));
  }

  /** Runs one step; false when it failed. `longest`: its timeout in milliseconds, if longer than usual. */
  async step(name: string, run: () => Promise<string | void>, longest = this.longest): Promise<boolean> {
    const started = Date.now();
    try {
      const word = await inTime(run, longest);
      this.passed += 1;
      this.say(`ok    ${name} (${seconds(Date.now() - started)})${word ? `: ${word}` : ''}`);
      return true;
    } catch (error) {
      if (error instanceof SmokeSkip) {
        this.skipped += 1;
        this.say(`skip  ${name}: ${error.message}`);
        return true;
      }
      this.failed += 1;
      this.say(`FAIL  ${name} (${seconds(Date.now() - started)}): ${firstLine(error)}`);
      return false;
    }
  }

  /** The summary line. */
  summary(): string {
    return `${this.passed} passed, ${this.failed} failed, ${this.skipped} skipped`;
  }
}

async function inTime(run: () => Promise<string | void>, longest: number): Promise<string | void> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error(`no end after ${seconds(longest)}`)), longest);
  try {
    return await Promise.race([run(), late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** The first line of an error, without the colours Playwright writes for terminals. */
function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const lines = text.replace(/\x1b\[[\d;]*m/g, '').split('\n');
  return lines.map((line) => line.trim()).find((line) => line !== '') ?? 'no reason given';
}
