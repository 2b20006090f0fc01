/**
 * The single source of truth for unread counts. The store counts; this pushes the count to the page when it changes,
 * and recounts when the mute of a chat ends.
 */
import type { UnreadView } from '#contract/ipc/views.ts';
import type { AccountSink, Clock, Logger, Disposer } from '../ports.ts';
import type { WriterApi } from '../store/operations.ts';
import type { ChangeSet } from '../store/protocol.ts';

/** Longer timers are not trusted, in milliseconds; it checks again then. */
const LONGEST_TIMER_MS = 24 * 3_600_000;

export interface UnreadOptions {
  store: Pick<WriterApi, 'muteEnds'>;
  clock: Clock;
  logger: Logger;
  push: AccountSink;
  publish: (changes: ChangeSet) => void;
}

export class UnreadKeeper {
  readonly #options: UnreadOptions;
  #view: UnreadView | null = null;
  #timer: Disposer | null = null;
  #stopped = false;

  constructor(options: UnreadOptions) {
    this.#options = options;
  }

  /** Takes the sum as just counted. */
  offer(view: UnreadView): void {
    if (this.#view && this.#view.messages === view.messages && this.#view.chats === view.chats) return;
    this.#view = view;
    this.#options.push.emit({ kind: 'unread', unread: view });
  }

  /** Ends mutes when their time has come. Call again when one was set. */
  async start(): Promise<void> {
    const { store, clock, publish } = this.#options;
    const now = clock.now();
    const { next, changes } = await store.muteEnds({ now });
    publish(changes);
    this.#timer?.();
    this.#timer = null;
    if (next === null || this.#stopped) return;
    this.#timer = clock.after(Math.min(next - now, LONGEST_TIMER_MS), () => {
      this.start().catch((error: unknown) => {
        this.#options.logger.warn('unread.mutes_not_read', { reason: error instanceof Error ? error.name : 'unknown' });
      });
    });
  }

  stop(): void {
    this.#stopped = true;
    this.#timer?.();
    this.#timer = null;
  }
}
