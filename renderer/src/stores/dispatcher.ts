/**
 * The only listener for main's push events. It requests the snapshot, passes it to the stores as equivalent events, and
 * then every numbered event to the stores of its account; after a gap in the numbers it requests the snapshot again.
 *
 * Events are coalesced once: those of lists and counts a few times a second, all others once per frame.
 */
import { coalesce, isOfAccount } from '#contract/ipc/coalesce.ts';
import type { AccountEvent, AppEvent, PushEvent } from '#contract/ipc/push.ts';
import type { Snapshot } from '#contract/ipc/views.ts';
import type { Result } from '#contract/model/errors.ts';
import { getBridge } from '../bridge.ts';
import { ask } from './bridge-call.ts';
import { createThrottle } from './throttle.ts';
import { PushSequence } from './push-sequence.ts';

/** Milliseconds between two updates of the chat lists and their counts. */
const LIST_MS = 100;

/** The receivers of main's push events: all stores that mirror main's state. */
export interface PushTargets {
  readonly app: readonly { apply(event: AppEvent): void }[];
  /** Those of one account. */
  ofAccount(accountId: string): readonly { apply(event: AccountEvent): void }[];
}

export interface Dispatcher {
  /** Requests the snapshot; call again after a failure. Resolves when the stores have it. */
  start(): Promise<Result<Snapshot>>;
  stop(): void;
}

/** A snapshot as events, so that stores need only one entry point. */
export function snapshotEvents(snapshot: Snapshot): PushEvent[] {
  return [
    { kind: 'settings', settings: snapshot.settings },
    ...(snapshot.lock ? [{ kind: 'lock', lock: snapshot.lock } as const] : []),
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

/** Lists and their counts: rows that swap places every frame are unreadable. */
function isOfLists(push: PushEvent): boolean {
  const kind = kindOf(push);
  return kind === 'chats' || kind === 'unread';
}

/** Earlier events must be applied before these, whichever throttle they are in. */
function isTurningPoint(push: PushEvent): boolean {
  const kind = kindOf(push);
  return kind === 'chats:reset' || kind === 'accounts';
}

/** Subscribes immediately; `prepare` runs with each snapshot before the stores get it. */
export function createDispatcher(
  targets: PushTargets,
  prepare: (snapshot: Snapshot) => Promise<void> | void,
): Dispatcher {
  const sequence = new PushSequence();
  let asking: Promise<Result<Snapshot>> | null = null;
  let stopped = false;

  function notify<E extends { kind: string }>(event: E, listeners: readonly { apply(event: E): void }[]): void {
    for (const listener of listeners) {
      try {
        listener.apply(event);
      } catch (error) {
        // A failing store must not block the others.
        console.error(`a store could not take "${event.kind}"`, error);
      }
    }
  }

  function hand(pushes: readonly PushEvent[]): void {
    for (const push of pushes) {
      if (isOfAccount(push)) notify(push.event, targets.ofAccount(push.accountId));
      else notify(push, targets.app);
    }
  }

  const lists = createThrottle<PushEvent>(LIST_MS, (pushes) => hand(coalesce(pushes)));
  const others = createThrottle<PushEvent>('frame', (pushes) => hand(coalesce(pushes)));

  function flush(): void {
    others.flush();
    lists.flush();
  }

  /** Routes each event to its throttle. */
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
      // Events pushed before the snapshot are older than it.
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
