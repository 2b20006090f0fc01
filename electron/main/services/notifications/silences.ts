/** Remembers why messages were not shown, by reason, so that diagnostics can say it. Without content and without ids. */
import type { Diagnostics, SilenceReason } from '#contract/ipc/desktop-views.ts';
import type { Clock } from '../ports.ts';

export class Silences {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #known = new Map<SilenceReason, { count: number; last: number }>();
  #shown = 0;

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock;
  }

  /** A message was shown. */
  shown(): void {
    this.#shown += 1;
  }

  /** A message was not shown. */
  silent(why: SilenceReason): void {
    const count = (this.#known.get(why)?.count ?? 0) + 1;
    this.#known.set(why, { count, last: this.#clock.now() });
  }

  /** Counts since the start; the latest reason first. */
  view(): Diagnostics['notices'] {
    const silences = [...this.#known].map(([why, known]) => ({ why, ...known }));
    return { shown: this.#shown, silences: silences.sort((a, b) => b.last - a.last) };
  }
}
