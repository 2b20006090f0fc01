/**
 * Coalesces pushes: one event instead of several that say the same. During a flood the page merges and draws once per
 * batch instead of once per message. Pure.
 */
import type { AccountEvent, AccountEventOf, AccountPush, PushEvent } from './push.ts';

/** True for a push that concerns one account. */
export function isOfAccount(push: PushEvent): push is AccountPush {
  return 'accountId' in push;
}

/** The key of a state that each event carries in full, so that only the last one counts. Null for all other events. */
function stateKey(event: AccountEvent): string | null {
  switch (event.kind) {
    case 'unread':
    case 'connection':
    case 'downloads':
      return event.kind;
    case 'typing':
      return `typing ${event.chatId}`;
    case 'uploads':
      return `uploads ${event.chatId}`;
    case 'presence':
      return `presence ${event.userId}`;
    default:
      return null;
  }
}

/** Merged changes of keyed items: the last one per key. */
class Changes<T> {
  readonly #keyOf: (item: T) => string;
  readonly #upserts = new Map<string, T>();
  readonly #removed = new Set<string>();

  constructor(keyOf: (item: T) => string) {
    this.#keyOf = keyOf;
  }

  add(upserts: readonly T[], removed: readonly string[]): void {
    for (const key of removed) {
      this.#upserts.delete(key);
      this.#removed.add(key);
    }
    for (const item of upserts) {
      const key = this.#keyOf(item);
      // Re-inserted, so that the latest comes last: if one message appears under two keys, the later one wins.
      this.#upserts.delete(key);
      this.#upserts.set(key, item);
      this.#removed.delete(key);
    }
  }

  get upserts(): T[] {
    return [...this.#upserts.values()];
  }

  get removed(): string[] {
    return [...this.#removed];
  }
}

type Message = AccountEventOf<'messages'>['upserts'][number];
type Chat = AccountEventOf<'chats'>['upserts'][number];

/** Coalesces events of one account that have no barrier between them. */
function coalesceRun(events: readonly AccountEvent[]): AccountEvent[] {
  const last = new Map<string, AccountEvent>();
  const messages = new Map<string, Changes<Message>>();
  let chats: Changes<Chat> | null = null;
  for (const event of events) {
    const key = stateKey(event);
    if (key !== null) last.set(key, event);
  }
  const order: (() => AccountEvent)[] = [];
  for (const event of events) {
    if (event.kind === 'messages') {
      const { chatId } = event;
      let changes = messages.get(chatId);
      if (!changes) {
        const created = (changes = new Changes<Message>((message) => message.key));
        messages.set(chatId, created);
        order.push(() => ({ kind: 'messages', chatId, upserts: created.upserts, removed: created.removed }));
      }
      changes.add(event.upserts, event.removed);
    } else if (event.kind === 'chats') {
      if (!chats) {
        const created = (chats = new Changes<Chat>((chat) => chat.id));
        order.push(() => ({ kind: 'chats', upserts: created.upserts, removed: created.removed }));
      }
      chats.add(event.upserts, event.removed);
    } else {
      const key = stateKey(event);
      if (key === null || last.get(key) === event) order.push(() => event);
    }
  }
  return order.map((make) => make());
}

/** True for an event that makes the page start over: nothing may be coalesced across it. */
export function isBarrier(event: AccountEvent): boolean {
  return event.kind === 'chats:reset' || event.kind === 'messages:stale';
}

function coalesceAccount(events: readonly AccountEvent[]): AccountEvent[] {
  if (events.length < 2) return [...events];
  const coalesced: AccountEvent[] = [];
  let run: AccountEvent[] = [];
  for (const event of events) {
    if (isBarrier(event)) {
      coalesced.push(...coalesceRun(run), event);
      run = [];
    } else run.push(event);
  }
  return coalesced.concat(coalesceRun(run));
}

/** Coalesces pushes between two changes of the account list: accounts are independent of each other. */
function coalesceSection(pushes: readonly PushEvent[]): PushEvent[] {
  const byAccount = new Map<string, AccountEvent[]>();
  const app = new Map<string, PushEvent>();
  for (const push of pushes) {
    if (!isOfAccount(push)) app.set(push.kind === 'told' ? `told ${push.what}` : push.kind, push);
    else {
      const events = byAccount.get(push.accountId);
      if (events) events.push(push.event);
      else byAccount.set(push.accountId, [push.event]);
    }
  }
  const ofAccounts = [...byAccount].flatMap(([accountId, events]) =>
    coalesceAccount(events).map((event) => ({ accountId, event })),
  );
  return [...ofAccounts, ...app.values()];
}

/**
 * The same news in fewer events: per account one event for its chats, one per chat for its messages, and the last event
 * of each state. Applying the result ends in the same state as applying `pushes` one by one.
 */
export function coalesce(pushes: readonly PushEvent[]): PushEvent[] {
  if (pushes.length < 2) return [...pushes];
  const coalesced: PushEvent[] = [];
  let section: PushEvent[] = [];
  for (const push of pushes) {
    if (!isOfAccount(push) && push.kind === 'accounts') {
      coalesced.push(...coalesceSection(section), push);
      section = [];
    } else section.push(push);
  }
  return coalesced.concat(coalesceSection(section));
}
