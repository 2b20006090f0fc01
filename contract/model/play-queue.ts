/**
 * What is played, and in which order.
 *
 * `entries` is the list as it was put together. `order` is a shuffled order of the same keys, or null while shuffle is
 * off; turning it off returns to the list without losing the current track. A track that cannot be played is noted in
 * `failed` and passed over from then on, so that a list of nothing but broken files comes to an end. Pure: chance and
 * keys are passed in.
 */
import type { PlayerMemory, QueueEntry } from '../ipc/music-views.ts';
import { MOST_QUEUED } from './limits.ts';

export type Repeat = PlayerMemory['repeat'];

export interface PlayQueue {
  readonly entries: readonly QueueEntry[];
  readonly order: readonly string[] | null;
  readonly current: string | null;
  readonly repeat: Repeat;
  /** Keys of entries that could not be played; they are passed over until someone asks for one. */
  readonly failed: readonly string[];
}

export const EMPTY_QUEUE: PlayQueue = { entries: [], order: null, current: null, repeat: 'off', failed: [] };

export type QueueEvent =
  /** Takes the place of everything; shuffle and repeat stay on. */
  | { kind: 'play'; entries: readonly QueueEntry[]; startAt: number }
  | { kind: 'playNext'; entries: readonly QueueEntry[] }
  | { kind: 'playLater'; entries: readonly QueueEntry[] }
  | { kind: 'remove'; keys: readonly string[] }
  /** Everything that belongs to other accounts goes. */
  | { kind: 'keepAccounts'; accountIds: readonly string[] }
  /** To a place in the order of playing, counted from 0 without the entry itself. */
  | { kind: 'move'; key: string; to: number }
  /**
   * What follows the current entry, in this order, and before everything else; entries that were heard or skipped stay
   * where they are. Ends shuffling: the order is somebody else's.
   */
  | { kind: 'arrange'; entries: readonly QueueEntry[] }
  /** The list that the queue, one entry or some in a row, was taken from: its first entry stands at `at` in it. */
  | { kind: 'surround'; entries: readonly QueueEntry[]; at: number }
  | { kind: 'clear' }
  /** Someone asked for this one: it gets another chance. */
  | { kind: 'go'; key: string }
  /** The button; repeating one track does not hold it back. */
  | { kind: 'next' }
  | { kind: 'previous' }
  /** The current one was heard to its end. */
  | { kind: 'ended' }
  | { kind: 'failed'; key: string }
  /** All get another chance: the server may be back. */
  | { kind: 'retry' }
  | { kind: 'shuffle'; on: boolean }
  | { kind: 'repeat'; repeat: Repeat };

/** A number of at least 0 and below 1. */
export type Chance = () => number;

/** The keys in the order of playing. */
export function playingOrder(queue: PlayQueue): readonly string[] {
  return queue.order ?? queue.entries.map(({ key }) => key);
}

/** The entries in the order of playing. */
export function playingEntries(queue: PlayQueue): readonly QueueEntry[] {
  if (queue.order === null) return queue.entries;
  const byKey = new Map(queue.entries.map((entry) => [entry.key, entry]));
  return queue.order.flatMap((key) => byKey.get(key) ?? []);
}

/** The current entry. */
export function currentEntry({ entries, current }: PlayQueue): QueueEntry | null {
  return entries.find(({ key }) => key === current) ?? null;
}

/**
 * The key that follows, or null at the end. `ended`: by itself, so that repeating one track repeats it; `next`: by the
 * button. Entries that failed are passed over.
 */
export function following(queue: PlayQueue, why: 'ended' | 'next'): string | null {
  const failed = new Set(queue.failed);
  if (why === 'ended' && queue.repeat === 'one' && queue.current !== null && !failed.has(queue.current))
    return queue.current;
  return step(queue, 1, failed);
}

/** The key that was before, or null at the begin. */
export function preceding(queue: PlayQueue): string | null {
  return step(queue, -1, new Set(queue.failed));
}

function step(queue: PlayQueue, by: 1 | -1, failed: ReadonlySet<string>): string | null {
  const order = playingOrder(queue);
  const from = queue.current === null ? -1 : order.indexOf(queue.current);
  // Repeating goes on where the list ends; the current one itself is the last that is looked at.
  const most = queue.repeat === 'off' ? (by === 1 ? order.length - 1 - from : from) : order.length;
  for (let steps = 1; steps <= most; steps += 1) {
    const key = order[(((from + by * steps) % order.length) + order.length) % order.length];
    if (key !== undefined && !failed.has(key)) return key;
  }
  return null;
}

/** The items in another order. Fisher and Yates: every order is as likely as any other. */
export function shuffled<T>(items: readonly T[], chance: Chance): T[] {
  const order = [...items];
  for (let last = order.length - 1; last > 0; last -= 1) {
    const other = Math.floor(chance() * (last + 1));
    // Both are places of the list.
    [order[last], order[other]] = [order[other] as T, order[last] as T];
  }
  return order;
}

/** A shuffled order that starts with the current entry. */
function shuffledFrom(entries: readonly QueueEntry[], current: string | null, chance: Chance): string[] {
  const others = entries.map(({ key }) => key).filter((key) => key !== current);
  return [...(current === null ? [] : [current]), ...shuffled(others, chance)];
}

/** As many as a queue holds, with the one at `startAt` among them. */
function within(entries: readonly QueueEntry[], startAt: number): readonly QueueEntry[] {
  if (entries.length <= MOST_QUEUED) return entries;
  const from = Math.min(Math.max(0, startAt), entries.length - MOST_QUEUED);
  return entries.slice(from, from + MOST_QUEUED);
}

function play(queue: PlayQueue, entries: readonly QueueEntry[], startAt: number, chance: Chance): PlayQueue {
  const first = entries[startAt] ?? entries[0];
  if (first === undefined) return queue;
  const kept = within(entries, startAt);
  const order = queue.order === null ? null : shuffledFrom(kept, first.key, chance);
  return { ...queue, entries: kept, order, current: first.key, failed: [] };
}

function insert(queue: PlayQueue, added: readonly QueueEntry[], where: 'next' | 'last'): PlayQueue {
  const known = new Set(queue.entries.map(({ key }) => key));
  const fresh = added.filter(({ key }) => !known.has(key)).slice(0, MOST_QUEUED - queue.entries.length);
  if (fresh.length === 0) return queue;
  const keys = fresh.map(({ key }) => key);
  const place = (list: readonly string[]): number =>
    where === 'last' || queue.current === null ? list.length : list.indexOf(queue.current) + 1;
  return {
    ...queue,
    entries: queue.entries.toSpliced(place(queue.entries.map(({ key }) => key)), 0, ...fresh),
    order: queue.order?.toSpliced(place(queue.order), 0, ...keys) ?? null,
    current: queue.current ?? keys[0] ?? null,
  };
}

function without(queue: PlayQueue, gone: ReadonlySet<string>): PlayQueue {
  if (!queue.entries.some(({ key }) => gone.has(key))) return queue;
  const entries = queue.entries.filter(({ key }) => !gone.has(key));
  const order = queue.order?.filter((key) => !gone.has(key)) ?? null;
  const failed = queue.failed.filter((key) => !gone.has(key));
  return { ...queue, entries, order, failed, current: survivor(queue, gone) };
}

/** The current entry after some were removed: itself, else the next that stays, else the last before it. */
function survivor(queue: PlayQueue, gone: ReadonlySet<string>): string | null {
  if (queue.current === null || !gone.has(queue.current)) return queue.current;
  const order = playingOrder(queue);
  const from = order.indexOf(queue.current);
  const stays = (key: string): boolean => !gone.has(key);
  return order.slice(from).find(stays) ?? order.slice(0, from).findLast(stays) ?? null;
}

function move(queue: PlayQueue, key: string, to: number): PlayQueue {
  const order = playingOrder(queue);
  const from = order.indexOf(key);
  const place = Math.min(Math.max(0, to), order.length - 1);
  if (from < 0 || from === place) return queue;
  // A shuffled order is moved in for itself: the list stays as it was put together.
  if (queue.order !== null) return { ...queue, order: queue.order.toSpliced(from, 1).toSpliced(place, 0, key) };
  const entry = queue.entries[from];
  return entry ? { ...queue, entries: queue.entries.toSpliced(from, 1).toSpliced(place, 0, entry) } : queue;
}

function arrange(queue: PlayQueue, wanted: readonly QueueEntry[]): PlayQueue {
  const order = playingEntries(queue);
  const at = order.findIndex(({ key }) => key === queue.current);
  const past = order.slice(0, at + 1);
  const known = new Set(past.map(({ key }) => key));
  const asked = new Set(wanted.map(({ key }) => key));
  const next = wanted.filter(({ key }) => !known.has(key));
  const others = order.slice(at + 1).filter(({ key }) => !asked.has(key));
  const entries = [...past, ...next, ...others].slice(0, MOST_QUEUED);
  const isSame =
    queue.order === null &&
    entries.length === queue.entries.length &&
    entries.every((entry, index) => entry.key === queue.entries[index]?.key);
  if (isSame) return queue;
  return { ...queue, entries, order: null, current: queue.current ?? entries[0]?.key ?? null };
}

function surround(queue: PlayQueue, entries: readonly QueueEntry[], at: number, chance: Chance): PlayQueue {
  const { entries: part, current } = queue;
  const isPart = part.every(({ item }, n) => part.length === 1 || item.fileId === entries[at + n]?.item.fileId);
  // Somebody has put something else together meanwhile.
  if (part.length === 0 || entries[at] === undefined || !isPart) return queue;
  const kept = within(entries.toSpliced(at, part.length, ...part), at);
  return { ...queue, entries: kept, order: queue.order === null ? null : shuffledFrom(kept, current, chance) };
}

/** The failed one is passed over; when nothing else is left, it stays the current one. */
function fail(queue: PlayQueue, key: string): PlayQueue {
  if (!queue.entries.some((entry) => entry.key === key)) return queue;
  const failed = queue.failed.includes(key) ? queue.failed : [...queue.failed, key];
  const next = { ...queue, failed };
  return key === queue.current ? { ...next, current: following(next, 'ended') ?? key } : next;
}

/** The queue after an event. Pure and total: what makes no sense leaves it unchanged. */
export function nextQueue(queue: PlayQueue, event: QueueEvent, chance: Chance): PlayQueue {
  switch (event.kind) {
    case 'play':
      return play(queue, event.entries, event.startAt, chance);
    case 'playNext':
      return insert(queue, event.entries, 'next');
    case 'playLater':
      return insert(queue, event.entries, 'last');
    case 'remove':
      return without(queue, new Set(event.keys));
    case 'keepAccounts': {
      const kept = new Set(event.accountIds);
      const gone = queue.entries.filter(({ item }) => !kept.has(item.accountId));
      return without(queue, new Set(gone.map(({ key }) => key)));
    }
    case 'move':
      return move(queue, event.key, event.to);
    case 'arrange':
      return arrange(queue, event.entries);
    case 'surround':
      return surround(queue, event.entries, event.at, chance);
    case 'clear':
      // Not the habits: a person who shuffles goes on shuffling.
      return { ...EMPTY_QUEUE, order: queue.order === null ? null : [], repeat: queue.repeat };
    case 'go':
      if (!queue.entries.some(({ key }) => key === event.key)) return queue;
      return { ...queue, current: event.key, failed: queue.failed.filter((key) => key !== event.key) };
    case 'next':
    case 'ended':
      return { ...queue, current: following(queue, event.kind) ?? queue.current };
    case 'previous':
      return { ...queue, current: preceding(queue) ?? queue.current };
    case 'failed':
      return fail(queue, event.key);
    case 'retry':
      return queue.failed.length === 0 ? queue : { ...queue, failed: [] };
    case 'shuffle':
      if (event.on === (queue.order !== null)) return queue;
      return { ...queue, order: event.on ? shuffledFrom(queue.entries, queue.current, chance) : null };
    case 'repeat':
      return { ...queue, repeat: event.repeat };
  }
}

/** A queue as it was kept. An order or a current key that does not fit the entries is put right. */
export function recalledQueue(memory: Pick<PlayerMemory, 'queue' | 'order' | 'current' | 'repeat'>): PlayQueue {
  const entries = [...new Map(memory.queue.map((entry) => [entry.key, entry])).values()];
  const keys = new Set(entries.map(({ key }) => key));
  const ordered = memory.order && new Set(memory.order.filter((key) => keys.has(key)));
  const order = ordered && [...ordered, ...[...keys].filter((key) => !ordered.has(key))];
  const current = memory.current !== null && keys.has(memory.current) ? memory.current : (entries[0]?.key ?? null);
  return { entries, order, current, repeat: memory.repeat, failed: [] };
}
