/**
 * What main pushes to a page, in order and without a gap.
 *
 * States: `away` (no page, or one that has not asked yet: events that a snapshot will include are dropped, the others
 * wait), `reading` (a snapshot is being taken: all events wait, since the snapshot may or may not include them; sending
 * them twice does no harm), `live` (events leave in batches). A reload leads back to `away`. The numbers count what was
 * sent to pages: a batch always follows its predecessor, or the snapshot, without a gap.
 */
import { coalesce, isOfAccount } from '#contract/ipc/coalesce.ts';
import type { PushBatch, PushEvent } from '#contract/ipc/push.ts';
import type { Snapshot } from '#contract/ipc/views.ts';
import type { Clock, Logger, Disposer } from '../services/ports.ts';

/**
 * Milliseconds over which events are coalesced: one frame of a screen. Other people's messages leave at once, unless
 * others did within that time; the progress of the user's own messages can wait for its frame.
 */
const BATCH_MS = 16;
/** Maximum number of events in one batch; the rest follows at once in further batches. */
const BATCH_EVENTS = 1_000;
/** Maximum number of events that wait for a snapshot; beyond it the snapshot is taken again instead. */
export const MOST_WAITING = 10_000;
/** Maximum number of snapshots in a row for one request. */
const MOST_READINGS = 5;

export interface PushOptions {
  clock: Clock;
  logger: Logger;
  /** Sends a batch to the page; does nothing when there is none. */
  send(batch: PushBatch): void;
}

export interface PushQueue {
  emit(push: PushEvent): void;
  /**
   * Takes the snapshot that a page asked for, and adds the number of the last event before it; from then on the page
   * receives what follows.
   */
  snapshot<T extends object>(read: () => Promise<T>): Promise<T & Pick<Snapshot, 'seq'>>;
  /** The page was reloaded, crashed or closed. */
  pageGone(): void;
  close(): void;
}

/** No snapshot includes these: they wait for the next page. */
function isEventOnly(push: PushEvent): boolean {
  if (!isOfAccount(push)) return push.kind === 'link' || push.kind === 'told';
  return push.event.kind === 'open' || push.event.kind === 'notice';
}

/** A message by someone else. */
function isNews(push: PushEvent): boolean {
  return isOfAccount(push) && push.event.kind === 'messages' && push.event.upserts.some((message) => !message.mine);
}

/** The sides of a call find each other by many small steps: none of them waits for a frame of the screen. */
function isOfCall(push: PushEvent): boolean {
  return isOfAccount(push) && (push.event.kind === 'call' || push.event.kind === 'call:signal');
}

/** True for a list that the snapshot has just delivered: it is not sent a second time. */
function isInSnapshot(push: PushEvent, parts: object): boolean {
  // Only the main window's snapshot has chats.
  const { states = [] } = parts as Partial<Pick<Snapshot, 'states'>>;
  if (!isOfAccount(push) || push.event.kind !== 'chats:reset') return false;
  const { chats } = push.event;
  return states.some((state) => state.accountId === push.accountId && state.chats === chats);
}

/** Runs after the current dispatch: a timer would wait at least a millisecond. */
function afterDispatch(run: () => void): Disposer {
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
  let generation = 0;
  let cancelFlush: Disposer | null = null;
  let lastNews = Number.NEGATIVE_INFINITY;

  function stopFlush(): void {
    cancelFlush?.();
    cancelFlush = null;
  }

  function flush(): void {
    cancelFlush = null;
    if (state !== 'live') return;
    // Only news waits for earlier news: what follows from it, as a read mark, must not hold up the next message.
    if (waiting.some(isNews)) lastNews = clock.monotonic();
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
    const at = atOnce ? Math.max(now, lastNews + BATCH_MS) : now + BATCH_MS;
    if (cancelFlush && flushAt <= at) return;
    cancelFlush?.();
    flushAt = at;
    cancelFlush = at > now ? clock.after(at - now, flush) : afterDispatch(flush);
  }

  function keepEventOnly(): void {
    waiting = waiting.filter(isEventOnly);
  }

  return {
    emit(event) {
      if (state === 'away' && !isEventOnly(event)) return;
      if (state !== 'live' && waiting.length >= MOST_WAITING) {
        overflowed = true;
        keepEventOnly();
        if (waiting.length >= MOST_WAITING) waiting.shift();
        if (!isEventOnly(event)) return;
      }
      waiting.push(event);
      if (state === 'live') flushSoon(isNews(event) || isOfCall(event));
    },
    async snapshot(read) {
      stopFlush();
      const own = ++generation;
      for (let count = 1; ; count++) {
        state = 'reading';
        overflowed = false;
        // Everything up to here is in the snapshot.
        keepEventOnly();
        const at = seq;
        const parts = await read();
        // Another request, a reload or a crash came in between and decides what is sent from here on.
        if (own !== generation) return { ...parts, seq: at };
        if (overflowed && count < MOST_READINGS) {
          logger.warn('push.snapshot_again', { count });
          continue;
        }
        waiting = waiting.filter((push) => !isInSnapshot(push, parts));
        state = 'live';
        if (waiting.length > 0) flushSoon(false);
        return { ...parts, seq: at };
      }
    },
    pageGone() {
      generation++;
      state = 'away';
      stopFlush();
      keepEventOnly();
    },
    close() {
      generation++;
      state = 'away';
      waiting = [];
      stopFlush();
    },
  };
}
