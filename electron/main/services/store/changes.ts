import type { ErrorCode } from '#contract/model/errors.ts';
import type { StoreContext } from './context.ts';
import { problemOf } from '../../lib/store-problem.ts';
import type { ChangeSet } from './protocol.ts';
import { refreshChat } from './chat-rows.ts';
import { chatViews, messageViews, unreadView } from './views.ts';

/** Collects what one operation touched; views are built once at its end, however often a row was touched. */
export class Changes {
  readonly #rows = new Map<string, Set<number>>();
  readonly #removed = new Map<string, Set<string>>();
  readonly #chats = new Set<string>();
  readonly #stale = new Set<string>();
  readonly #failed: { localId: string; code: ErrorCode }[] = [];
  readonly #uploads = new Set<string>();

  /** A message was added or changed. */
  message(chatId: string, row: number): void {
    let rows = this.#rows.get(chatId);
    if (!rows) this.#rows.set(chatId, (rows = new Set()));
    rows.add(row);
    this.#chats.add(chatId);
  }

  /** A key no longer exists: the message was withdrawn, or merged into another. */
  removed(chatId: string, key: string): void {
    let keys = this.#removed.get(chatId);
    if (!keys) this.#removed.set(chatId, (keys = new Set()));
    keys.add(key);
    this.#chats.add(chatId);
  }

  /** Something about the chat itself changed. */
  chat(chatId: string): void {
    this.#chats.add(chatId);
  }

  /** So much changed that pages should be reloaded. */
  stale(chatId: string): void {
    this.#stale.add(chatId);
    this.#chats.add(chatId);
  }

  /** A message failed permanently. */
  failed(localId: string, code: ErrorCode): void {
    this.#failed.push({ localId, code });
  }

  /** Uploads of a chat were added, changed or removed. */
  uploads(chatId: string): void {
    this.#uploads.add(chatId);
  }

  /** Updates the chats' own figures, and builds the views of everything that was touched. */
  finish(context: StoreContext, now: number): ChangeSet {
    for (const chatId of this.#chats) refreshChat(context, chatId);
    return this.#build(context, now);
  }

  #build(context: StoreContext, now: number): ChangeSet {
    const messages: ChangeSet['messages'] = [];
    for (const chatId of new Set([...this.#rows.keys(), ...this.#removed.keys()])) {
      const upserts = messageViews(context, [...(this.#rows.get(chatId) ?? [])]);
      messages.push({ chatId, upserts, removed: [...(this.#removed.get(chatId) ?? [])] });
    }
    return {
      messages,
      chats: chatViews(context, now, [...this.#chats]),
      stale: [...this.#stale],
      unread: this.#chats.size > 0 ? unreadView(context, now) : null,
      failed: this.#failed,
      uploads: [...this.#uploads],
    };
  }
}

/**
 * Runs an operation in one transaction with the building of its changes: what cannot be published has not happened.
 * @returns the result of the work, and what changed.
 */
export function changing<T>(
  context: StoreContext,
  now: number,
  work: (changes: Changes) => T,
): { result: T; changes: ChangeSet } {
  return context.sql.transaction(() => {
    const changes = new Changes();
    const result = work(changes);
    return { result, changes: changes.finish(context, now) };
  });
}

/** Like `changing`, for work without a result. */
export function inTransaction(context: StoreContext, now: number, work: (changes: Changes) => void): ChangeSet {
  return changing(context, now, work).changes;
}

/**
 * Stores one item of many from a server, inside the operation's transaction. An item that the store cannot accept is
 * skipped and logged, and the others are stored.
 * @throws what is wrong with the disk or the database itself.
 */
export function eachAlone<T>(context: StoreContext, items: readonly T[], store: (item: T) => void): void {
  let skipped = 0;
  for (const item of items) {
    const lines = context.journal.length;
    try {
      context.sql.part(() => store(item));
    } catch (error) {
      if (problemOf(error) !== 'failed') throw error;
      // Cached rows may have been rolled back.
      context.people.clear();
      context.journal.length = lines;
      skipped += 1;
      if (skipped === 1)
        context.log('error', 'store.item_refused', {
          reason: error instanceof Error ? error.message.slice(0, 200) : '',
        });
    }
  }
  if (skipped > 0) context.log('error', 'store.put_aside', { items: skipped, of: items.length });
}
