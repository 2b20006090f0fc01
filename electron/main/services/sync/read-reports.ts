/**
 * Reports to the server what the user has read: by a frame if the server supports that, else by fetching the history
 * that includes it, as the contract says. What could not be reported is reported on the next connection.
 *
 * A fetch reads everything from its newest message down, so it starts at the one that was read. If it is unknown how
 * many messages follow that one, the report waits: the fetch that closes the gap once the chat is opened reports it
 * too.
 */
import { LIMITS } from '#contract/model/limits.ts';
import type { AccountContext, Clock, Logger, Disposer } from '../ports.ts';
import type { UnreportedRead } from '../store/ops/chat-operations.ts';
import type { WriterApi } from '../store/operations.ts';

/** Reading goes message by message; the server receives one report. */
const COALESCE_MS = 250;

export interface ReadReportsOptions {
  store: Pick<WriterApi, 'unreportedReads' | 'readReported'>;
  clock: Clock;
  logger: Logger;
  context: () => AccountContext | null;
  /** Resolves when everything received over the socket so far is in the store. */
  settled: () => Promise<void>;
}

export class ReadReports {
  readonly #options: ReadReportsOptions;
  #timer: Disposer | null = null;
  /** The end of the last report. Whoever asked for it hears of its failure. */
  #running: Promise<void> = Promise.resolve();

  constructor(options: ReadReportsOptions) {
    this.#options = options;
  }

  /** Something was read: report it soon. */
  soon(): void {
    this.#timer ??= this.#options.clock.after(COALESCE_MS, () => {
      this.#timer = null;
      this.report().catch((error: unknown) => {
        this.#options.logger.warn('reads.not_reported', { reason: error instanceof Error ? error.name : 'unknown' });
      });
    });
  }

  stop(): void {
    this.#timer?.();
    this.#timer = null;
  }

  /** Reports everything that the server does not know yet. */
  async report(): Promise<void> {
    // One after the other, however many ask at once: two together would tell everything twice.
    const run = (): Promise<void> => this.#reportAll();
    this.#running = this.#running.then(run, run);
    await this.#running;
  }

  async #reportAll(): Promise<void> {
    const { store, context, settled } = this.#options;
    await settled();
    for (const read of await store.unreportedReads({})) {
      const connection = context();
      if (!connection) return;
      const { chatId, messageId } = read;
      const isReported = connection.has('message-read')
        ? connection.socket.send({ type: 'message:read', data: { chatId, messageId } })
        : await this.#byFetching(connection, read);
      if (isReported) await store.readReported({ chatId, messageId });
    }
  }

  async #byFetching(connection: AccountContext, { chatId, newer }: UnreportedRead): Promise<boolean> {
    if (connection.socket.state !== 'open' || newer === null) return false;
    const answer = await connection.api.call('history', {
      params: { chatId },
      query: { limit: LIMITS.page.default, offset: newer },
    });
    return answer.ok;
  }
}
