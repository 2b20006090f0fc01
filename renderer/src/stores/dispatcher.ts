/**
 * The one listener of main's push. It asks for the snapshot, hands it to the stores as the events it stands for, and
 * then every numbered event; after a hole in the numbers it asks anew.
 */
import { endsStretch, gather } from '#contract/ipc/gather.ts';
import type { PushEvent } from '#contract/ipc/push.ts';
import type { Snapshot } from '#contract/ipc/views.ts';
import type { Result } from '#contract/model/errors.ts';
import { getBridge } from '../bridge.ts';
import { ask } from './bridge-call.ts';
import { createPace } from './pace.ts';
import { PushSequence } from './push-sequence.ts';

/** Milliseconds between two changes of the list of chats and its counts. */
const LIST_MS = 100;

/** Whoever wants to hear what main tells: every store with state of main's. */
export interface PushTarget {
  apply(event: PushEvent): void;
}

export interface Dispatcher {
  /** Asks for the snapshot; call again after a failure. Answers when the stores hold it. */
  start(): Promise<Result<Snapshot>>;
  stop(): void;
}

/** What a snapshot says, as events: a store needs one way in only. */
export function snapshotEvents(snapshot: Snapshot): PushEvent[] {
  return [
    { kind: 'settings', settings: snapshot.settings },
    { kind: 'session', session: snapshot.session },
    { kind: 'connection', connection: snapshot.connection },
    { kind: 'unread', unread: snapshot.unread },
    { kind: 'chats:reset', chats: snapshot.chats, more: snapshot.moreChats },
  ];
}

/** Subscribes at once; `prepare` runs with each snapshot before the stores hear it. */
export function createDispatcher(
  targets: readonly PushTarget[],
  prepare: (snapshot: Snapshot) => Promise<void> | void,
): Dispatcher {
  const sequence = new PushSequence();
  let asking: Promise<Result<Snapshot>> | null = null;
  let stopped = false;

  function hand(events: readonly PushEvent[]): void {
    for (const event of events) {
      for (const target of targets) {
        try {
          target.apply(event);
        } catch (error) {
          // One store that stumbles must not silence the others.
          console.error(`a store could not take "${event.kind}"`, error);
        }
      }
    }
  }

  /** The list and its counts wait for each other: nobody reads rows that trade places at every frame. */
  const list = createPace<PushEvent>(LIST_MS, (events) => hand(gather(events)));
  const news = createPace<PushEvent>('frame', (events) => {
    // Two batches can have waited for one frame.
    for (const event of gather(events)) {
      if (event.kind === 'chats' || event.kind === 'unread') list.push([event]);
      else {
        if (endsStretch(event)) list.flush();
        hand([event]);
      }
    }
  });

  async function take(): Promise<Result<Snapshot>> {
    for (;;) {
      const result = await ask((bridge) => bridge.app.ready({}));
      if (!result.ok || stopped) return result;
      await prepare(result.value);
      // What was told before the snapshot is older than it.
      news.flush();
      list.flush();
      hand(snapshotEvents(result.value));
      const verdict = sequence.snapshot(result.value.seq);
      hand(gather(verdict.events));
      if (!verdict.needSnapshot) return result;
    }
  }

  function start(): Promise<Result<Snapshot>> {
    asking ??= take().finally(() => {
      asking = null;
    });
    return asking;
  }

  const undo = getBridge().onPush((batch) => {
    const verdict = sequence.batch(batch);
    news.push(verdict.events);
    if (verdict.needSnapshot) void start();
  });

  return {
    start,
    stop() {
      stopped = true;
      undo();
      news.stop();
      list.stop();
    },
  };
}
