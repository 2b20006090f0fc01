/** Cleanup of a script: whatever it starts is registered here and ended with it, in reverse order. */
import { warn } from './say.ts';

type Ending = () => void | Promise<void>;

const DOUBLE_MS = 1000;
const LONGEST_MS = 10_000;

export class Endings {
  private readonly endings: Ending[] = [];
  private ended: Promise<void> | null = null;
  private firstSignalAt = 0;

  /** Registers a cleanup function. */
  add(ending: Ending): void {
    this.endings.push(ending);
  }

  /** Runs all cleanup functions, once. */
  async end(): Promise<void> {
    this.ended ??= this.run();
    await this.ended;
  }

  /** Ctrl+C and similar signals start the cleanup; a later second one exits immediately. */
  onSignals(exitCode = 130): void {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => {
        const now = Date.now();
        // The terminal and a parent process may both deliver the same Ctrl+C.
        if (this.firstSignalAt > 0 && now - this.firstSignalAt > DOUBLE_MS) process.exit(exitCode);
        if (this.firstSignalAt > 0) return;
        this.firstSignalAt = now;
        setTimeout(() => process.exit(exitCode), LONGEST_MS).unref();
        void this.end().finally(() => process.exit(exitCode));
      });
    }
  }

  private async run(): Promise<void> {
    for (const ending of this.endings.reverse()) {
      try {
        await ending();
      } catch (error) {
        warn(`Something did not end in good order: ${String(error)}`);
      }
    }
  }
}
