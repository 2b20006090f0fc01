/**
 * Makes one event of several that say the same thing. In a flood the page then merges and draws once for a batch, not
 * once for each message of it. Pure.
 */
import type { PushEvent, PushEventOf } from './push.ts';

/** What is told as a whole: of each such state only the last word counts. Null for all other events. */
function stateOf(event: PushEvent): string | null {
  switch (event.kind) {
    case 'unread':
    case 'connection':
      return event.kind;
    case 'typing':
      return `typing ${event.chatId}`;
    case 'presence':
      return `presence ${event.userId}`;
    default:
      return null;
  }
}

/** Changes of things with a name, put together: the last word about each. */
class Changes<T> {
  readonly #nameOf: (item: T) => string;
  readonly #upserts = new Map<string, T>();
  readonly #removed = new Set<string>();

  constructor(nameOf: (item: T) => string) {
    this.#nameOf = nameOf;
  }

  add(upserts: readonly T[], removed: readonly string[]): void {
    for (const name of removed) {
      this.#upserts.delete(name);
      this.#removed.add(name);
    }
    for (const item of upserts) {
      const name = this.#nameOf(item);
      // What was told last stands last: of two names for one message the later one stays.
      this.#upserts.delete(name);
      this.#upserts.set(name, item);
      this.#removed.delete(name);
    }
  }

  get upserts(): T[] {
    return [...this.#upserts.values()];
  }

  get removed(): string[] {
    return [...this.#removed];
  }
}

type Message = PushEventOf<'messages'>['upserts'][number];
type Chat = PushEventOf<'chats'>['upserts'][number];

/** A stretch of events in which nothing replaces everything: changes may be told together there. */
function gatherStretch(events: readonly PushEvent[]): PushEvent[] {
  const last = new Map<string, PushEvent>();
  const messages = new Map<string, Changes<Message>>();
  let chats: Changes<Chat> | null = null;
  for (const event of events) {
    const state = stateOf(event);
    if (state !== null) last.set(state, event);
  }
  const order: (() => PushEvent)[] = [];
  for (const event of events) {
    if (event.kind === 'messages') {
      const { chatId } = event;
      let changes = messages.get(chatId);
      if (!changes) {
        const mine = (changes = new Changes<Message>((message) => message.key));
        messages.set(chatId, mine);
        order.push(() => ({ kind: 'messages', chatId, upserts: mine.upserts, removed: mine.removed }));
      }
      changes.add(event.upserts, event.removed);
    } else if (event.kind === 'chats') {
      if (!chats) {
        const mine = (chats = new Changes<Chat>((chat) => chat.id));
        order.push(() => ({ kind: 'chats', upserts: mine.upserts, removed: mine.removed }));
      }
      chats.add(event.upserts, event.removed);
    } else {
      const state = stateOf(event);
      if (state === null || last.get(state) === event) order.push(() => event);
    }
  }
  return order.map((make) => make());
}

/** After these the page begins anew, so that nothing may be told across them. */
export function endsStretch(event: PushEvent): boolean {
  return event.kind === 'chats:reset' || event.kind === 'session' || event.kind === 'messages:stale';
}

/**
 * The same news in fewer events: the changes of the chats in one, those of each chat's messages in one, of a state its
 * last word. Whoever takes the answer ends where whoever takes `events` one by one does.
 */
export function gather(events: readonly PushEvent[]): PushEvent[] {
  if (events.length < 2) return [...events];
  const gathered: PushEvent[] = [];
  let stretch: PushEvent[] = [];
  for (const event of events) {
    if (endsStretch(event)) {
      gathered.push(...gatherStretch(stretch), event);
      stretch = [];
    } else stretch.push(event);
  }
  return gathered.concat(gatherStretch(stretch));
}
