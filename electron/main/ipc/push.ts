/**
 * What main pushes to a page, in order and without a gap.
 *
 * States: `away` (no page, or one that has not asked yet: what a snapshot will tell is not kept, what only an event can
 * tell waits), `reading` (a snapshot is being made: everything that happens waits, since nobody knows whether the
 * snapshot has it; telling it twice does no harm), `live` (events leave in batches). A reload leads back to `away`. The
 * numbers count what was handed to pages: a batch always follows its predecessor, or the snapshot, without a gap.
 */
import { coalesce, isOfAccount } from '#contract/ipc/coalesce.ts';
import type { PushBatch, PushEvent } from '#contract/ipc/push.ts';
import type { Snapshot } from '#contract/ipc/views.ts';
import type { Clock, Logger, Disposer } from '../services/ports.ts';

/**
 * Milliseconds that events are coalesced over, and between two batches at least: one frame of a screen. What somebody wrote
 * leaves at once after a pause; how one's own message gets on can wait for its frame.
 */
const BATCH_MS = 16;
/** Events of one batch; what is more goes into the next ones at once. */
const BATCH_EVENTS = 1_000;
/** Events that wait for a snapshot; past it the snapshot is made anew instead. */
export const MOST_WAITING = 10_000;
/** Snapshots made in a row for one question. */
const MOST_READINGS = 5;

export interface PushOptions {
  clock: Clock;
  logger: Logger;
  /** Hands a batch to the page; does nothing when there is none. */
  send(batch: PushBatch): void;
}

export interface PushQueue {
  emit(push: PushEvent): void;
  /** Makes the snapshot that a page asked for; from then on the page is told what follows. */
  snapshot(read: () => Promise<Omit<Snapshot, 'seq'>>): Promise<Snapshot>;
  /** The page was reloaded, crashed or closed. */
  pageGone(): void;
  close(): void;
}

/** No snapshot tells these: they wait for the next page. */
function onlyAnEventTells(push: PushEvent): boolean {
  return isOfAccount(push) && (push.event.kind === 'open' || push.event.kind === 'notice');
}

/** Somebody else's words. */
function isNews(push: PushEvent): boolean {
  return isOfAccount(push) && push.event.kind === 'messages' && push.event.upserts.some((message) => !message.mine);
}

/** True for the list that a snapshot has just been given: it is not told a second time. */
function isTold(push: PushEvent, { states }: Pick<Snapshot, 'states'>): boolean {
  if (!isOfAccount(push) || push.event.kind !== 'chats:reset') return false;
  const { chats } = push.event;
  return states.some((state) => state.accountId === push.accountId && state.chats === chats);
}

/** Runs when what is being told now has been told in full: a timer would wait a millisecond at least. */
function afterThis(run: () => void): Disposer {
  let isOff = false;
  queueMicrotask(() => {
    if (!isOff) run();
  });
  return () => (isOff = true);
}

export function createPushQueue(options: PushOptions): PushQueue {
  const { clock, logger } = options;
  let state: 'away' | 'reading' | 'live' = 'away';
  let seq = 0;
  let waiting: PushEvent[] = [];
  let overflowed = false;
  let reading = 0;
  let cancelFlush: Disposer | null = null;
  let lastFlush = Number.NEGATIVE_INFINITY;

  function stopFlush(): void {
    cancelFlush?.();
    cancelFlush = null;
  }

  function flush(): void {
    cancelFlush = null;
    if (state !== 'live') return;
    lastFlush = clock.monotonic();
    const events = coalesce(waiting);
    waiting = [];
    for (let from = 0; from < events.length; from += BATCH_EVENTS) {
      const part = events.slice(from, from + BATCH_EVENTS);
      seq += part.length;
      options.send({ seq, events: part });
    }
  }

  let flushAt = Number.POSITIVE_INFINITY;

  function flushSoon(atOnce: boolean): void {
    const now = clock.monotonic();
    const at = atOnce ? Math.max(now, lastFlush + BATCH_MS) : now + BATCH_MS;
    if (cancelFlush && flushAt <= at) return;
    cancelFlush?.();
    flushAt = at;
    cancelFlush = at > now ? clock.after(at - now, flush) : afterThis(flush);
  }

  function keepSticky(): void {
    waiting = waiting.filter(onlyAnEventTells);
  }

  return {
    emit(event) {
      if (state === 'away' && !onlyAnEventTells(event)) return;
      if (state !== 'live' && waiting.length >= MOST_WAITING) {
        overflowed = true;
        keepSticky();
        if (waiting.length >= MOST_WAITING) waiting.shift();
        if (!onlyAnEventTells(event)) return;
      }
      waiting.push(event);
      if (state === 'live') flushSoon(isNews(event));
    },
    async snapshot(read) {
      stopFlush();
      const mine = ++reading;
      for (let count = 1; ; count++) {
        state = 'reading';
        overflowed = false;
        // What has happened up to here is in the snapshot.
        keepSticky();
        const at = seq;
        const parts = await read();
        // Another question, a reload or a crash came in between: that one decides what is told from here on.
        if (mine !== reading) return { ...parts, seq: at };
        if (overflowed && count < MOST_READINGS) {
          logger.warn('push.snapshot_again', { count });
          continue;
        }
        waiting = waiting.filter((push) => !isTold(push, parts));
        state = 'live';
        if (waiting.length > 0) flushSoon(false);
        return { ...parts, seq: at };
      }
    },
    pageGone() {
      reading++;
      state = 'away';
      stopFlush();
      keepSticky();
    },
    close() {
      reading++;
      state = 'away';
      waiting = [];
      stopFlush();
    },
  };
}
