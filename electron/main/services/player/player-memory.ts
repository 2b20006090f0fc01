/**
 * The player as it was left: its queue in one file, its place in it in another, since that changes every few seconds. What
 * comes while something is being written is written together, afterwards.
 */
import { z } from 'zod';
import { PlayerMemory } from '#contract/ipc/music-views.ts';
import type { Clock, Disposer, JsonDocument } from '../ports.ts';
import type { LargeDocument } from './large-document.ts';

/** Milliseconds in which changes are collected. */
const SETTLE_MS = 500;

const Place = z.object({ current: PlayerMemory.shape.current, position: PlayerMemory.shape.position });
type Place = z.infer<typeof Place>;

export interface PlayerMemoryOptions {
  queue: LargeDocument;
  place: JsonDocument;
  clock: Clock;
}

/** Without the entries of accounts that are not open; its place goes with the entry that it is in. */
export function ofAccounts(memory: PlayerMemory, isOpen: (accountId: string) => boolean): PlayerMemory {
  const queue = memory.queue.filter(({ item }) => isOpen(item.accountId));
  if (queue.length === memory.queue.length) return memory;
  const keys = new Set(queue.map(({ key }) => key));
  const isHere = memory.current !== null && keys.has(memory.current);
  return {
    ...memory,
    queue,
    order: memory.order && memory.order.filter((key) => keys.has(key)),
    current: isHere ? memory.current : null,
    position: isHere ? memory.position : 0,
    party: memory.party && isOpen(memory.party.accountId) ? memory.party : null,
  };
}

/** The same at another place, if that is in its queue. */
function withPlace(memory: PlayerMemory, { current, position }: Place): PlayerMemory {
  const isThere = current === null || memory.queue.some(({ key }) => key === current);
  return isThere ? { ...memory, current, position } : memory;
}

export class PlayerMemoryKeeper {
  readonly #options: PlayerMemoryOptions;
  #memory: Promise<PlayerMemory | null> | null = null;
  #isQueueNew = false;
  #placeNow: Place | null = null;
  #timer: Disposer | null = null;
  #writing: Promise<void> = Promise.resolve();

  constructor(options: PlayerMemoryOptions) {
    this.#options = options;
  }

  /** What is remembered; null when there is nothing, or nothing that makes sense. */
  recall(): Promise<PlayerMemory | null> {
    this.#memory ??= this.#read();
    return this.#memory;
  }

  /** Remembers all of it. */
  keep(memory: PlayerMemory): void {
    this.#memory = Promise.resolve(memory);
    this.#isQueueNew = true;
    this.keepPlace(memory);
  }

  /** Remembers where it is, and nothing else of it. */
  keepPlace({ current, position }: Place): void {
    this.#placeNow = { current, position };
    // A page that starts over asks again in the same run.
    this.#memory = this.recall().then((memory) => (memory ? withPlace(memory, { current, position }) : null));
    this.#timer ??= this.#options.clock.after(SETTLE_MS, () => {
      this.#timer = null;
      this.#writing = this.#writing.then(() => this.#write());
    });
  }

  /** Forgets what belongs to an account. */
  async forget(accountId: string): Promise<void> {
    const memory = await this.recall();
    const left = memory && ofAccounts(memory, (id) => id !== accountId);
    if (left && left !== memory) this.keep(left);
  }

  /** Writes what has not been written. */
  async close(): Promise<void> {
    if (this.#timer) {
      this.#timer();
      this.#timer = null;
      this.#writing = this.#writing.then(() => this.#write());
    }
    await this.#writing;
  }

  async #write(): Promise<void> {
    const { queue, place } = this.#options;
    if (this.#isQueueNew) {
      this.#isQueueNew = false;
      const memory = await this.recall();
      if (memory) {
        const { queue: entries, ...head } = memory;
        // A disk that refuses it may take the next one.
        if (!(await queue.write(head, 'queue', entries))) this.#isQueueNew = true;
      }
    }
    if (this.#placeNow) place.write({ ...this.#placeNow });
  }

  async #read(): Promise<PlayerMemory | null> {
    const { queue, place } = this.#options;
    const stored = await queue.read();
    if (stored === null) return null;
    const parsed = PlayerMemory.safeParse(stored);
    if (!parsed.success) {
      await queue.quarantine();
      return null;
    }
    const at = Place.safeParse(place.read());
    // The place is written after the queue: it may name an entry that this queue does not have yet.
    return at.success ? withPlace(parsed.data, at.data) : parsed.data;
  }
}
