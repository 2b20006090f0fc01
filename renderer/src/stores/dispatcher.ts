/**
 * The one listener of main's push. It asks for the snapshot, hands it to the stores as the events it stands for, and
 * then every numbered event, each to the stores of its account; after a gap in the numbers it asks again.
 *
 * Events are coalesced once: those of the lists and their counts a few times a second, all others once per frame.
 */
import { coalesce, isOfAccount } from '#contract/ipc/coalesce.ts';
import type { AccountEvent, AppEvent, PushEvent } from '#contract/ipc/push.ts';
import type { Snapshot } from '#contract/ipc/views.ts';
import type { Result } from '#contract/model/errors.ts';
import { getBridge } from '../bridge.ts';
import { ask } from './bridge-call.ts';
import { createThrottle } from './throttle.ts';
import { PushSequence } from './push-sequence.ts';

/** Milliseconds between two changes of the lists of chats and their counts. */
const LIST_MS = 100;

/** Who hears what main pushes: every store with state of main's. */
export interface PushTargets {
  readonly app: readonly { apply(event: AppEvent): void }[];
  /** Those of one account. */
  ofAccount(accountId: string): readonly { apply(event: AccountEvent): void }[];
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
    { kind: 'accounts', accounts: snapshot.accounts },
    { kind: 'unread', unread: snapshot.unread },
    ...snapshot.states.flatMap(({ accountId, connection, unread, chats, moreChats }) => [
      { accountId, event: { kind: 'connection', connection } as const },
      { accountId, event: { kind: 'unread', unread } as const },
      { accountId, event: { kind: 'chats:reset', chats, more: moreChats } as const },
    ]),
  ];
}

const kindOf = (push: PushEvent) => (isOfAccount(push) ? push.event.kind : push.kind);

/** The lists and their counts: nobody reads rows that trade places at every frame. */
function isOfLists(push: PushEvent): boolean {
  const kind = kindOf(push);
  return kind === 'chats' || kind === 'unread';
}

/** What was pushed before these must be in the stores first, whichever way it takes. */
function isTurningPoint(push: PushEvent): boolean {
  const kind = kindOf(push);
  return kind === 'chats:reset' || kind === 'accounts';
}

/** Subscribes at once; `prepare` runs with each snapshot before the stores hear it. */
export function createDispatcher(
  targets: PushTargets,
  prepare: (snapshot: Snapshot) => Promise<void> | void,
): Dispatcher {
  const sequence = new PushSequence();
  let asking: Promise<Result<Snapshot>> | null = null;
  let stopped = false;

  function tell<E extends { kind: string }>(event: E, listeners: readonly { apply(event: E): void }[]): void {
    for (const listener of listeners) {
      try {
        listener.apply(event);
      } catch (error) {
        // One store that stumbles must not silence the others.
        console.error(`a store could not take "${event.kind}"`, error);
      }
    }
  }

  function hand(pushes: readonly PushEvent[]): void {
    for (const push of pushes) {
      if (isOfAccount(push)) tell(push.event, targets.ofAccount(push.accountId));
      else tell(push, targets.app);
    }
  }

  const lists = createThrottle<PushEvent>(LIST_MS, (pushes) => hand(coalesce(pushes)));
  const others = createThrottle<PushEvent>('frame', (pushes) => hand(coalesce(pushes)));

  function flush(): void {
    others.flush();
    lists.flush();
  }

  /** Sends each event its way. */
  function take(pushes: readonly PushEvent[]): void {
    const turn = pushes.findIndex(isTurningPoint);
    const before = turn < 0 ? pushes : pushes.slice(0, turn);
    others.push(before.filter((push) => !isOfLists(push)));
    lists.push(before.filter(isOfLists));
    if (turn < 0) return;
    flush();
    hand(pushes.slice(turn, turn + 1));
    take(pushes.slice(turn + 1));
  }

  async function load(): Promise<Result<Snapshot>> {
    for (;;) {
      const result = await ask((bridge) => bridge.app.ready({}));
      if (!result.ok || stopped) return result;
      await prepare(result.value);
      // What was pushed before the snapshot is older than it.
      flush();
      hand(snapshotEvents(result.value));
      const verdict = sequence.snapshot(result.value.seq);
      hand(coalesce(verdict.events));
      if (!verdict.needSnapshot) return result;
    }
  }

  function start(): Promise<Result<Snapshot>> {
    asking ??= load().finally(() => {
      asking = null;
    });
    return asking;
  }

  const unsubscribe = getBridge().onPush((batch) => {
    const verdict = sequence.batch(batch);
    take(verdict.events);
    if (verdict.needSnapshot) void start();
  });

  return {
    start,
    stop() {
      stopped = true;
      unsubscribe();
      others.stop();
      lists.stop();
    },
  };
}
