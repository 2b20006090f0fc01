/**
 * The part of one chat's messages held by the page: a contiguous range, oldest first, and what lies beyond its two
 * ends. Pure functions: each takes a window and returns a new one, or the same object if nothing changed.
 */
import { comparePositions } from '#contract/model/message-order.ts';
import type { MessagePage, MessageView, PageEdge } from '#contract/ipc/views.ts';

export interface MessageWindow {
  readonly chatId: string;
  /** Sorted oldest first by model/message-order.ts; keys are unique. */
  readonly items: readonly MessageView[];
  readonly older: PageEdge;
  readonly newer: PageEdge;
  /** The newest message that was read when the chat was opened. */
  readonly readUpTo: string | null;
}

/** Maximum rows in a window; beyond it, rows far from the reader are dropped. */
export const MAX_WINDOW = 2000;
/** Rows left after a trim, and the minimum left on each side of the reader. */
const TRIMMED = 1500;
const AROUND_READER = 500;

const byPosition = (a: MessageView, b: MessageView): number => comparePositions(a.position, b.position);

/** A window that consists of one page. */
export function windowOf(page: MessagePage): MessageWindow {
  const items = [...page.items].sort(byPosition);
  return { chatId: page.chatId, items, older: page.older, newer: page.newer, readUpTo: page.readUpTo };
}

/** The index of the row with this key or server id; -1 when it is not in the window. */
export function findMessage(window: MessageWindow, keyOrId: string): number {
  const byKey = window.items.findIndex((item) => item.key === keyOrId);
  return byKey >= 0 ? byKey : window.items.findIndex((item) => item.id === keyOrId);
}

/**
 * True when a message outside the window belongs into it: between its ends, or past an end that is the end of the chat.
 */
function belongs(window: MessageWindow, message: MessageView): boolean {
  const first = window.items[0];
  const last = window.items.at(-1);
  if (!first || !last) return window.newer === 'end';
  if (byPosition(message, first) < 0) return window.older === 'end';
  return byPosition(message, last) <= 0 || window.newer === 'end';
}

/**
 * Merges main's push: known keys are replaced in place (and moved if their position changed), new ones are inserted
 * where they belong, those outside the window are ignored, removed keys are dropped.
 */
export function mergePush(
  window: MessageWindow,
  upserts: readonly MessageView[],
  removed: readonly string[],
): MessageWindow {
  const byKey = new Map<string, number>();
  const keyOfId = new Map<string, string>();
  window.items.forEach((item, index) => {
    byKey.set(item.key, index);
    if (item.id !== null) keyOfId.set(item.id, item.key);
  });
  const items: (MessageView | null)[] = [...window.items];
  let changed = false;
  let moved = false;
  const drop = (key: string): void => {
    const index = byKey.get(key);
    if (index === undefined) return;
    items[index] = null;
    byKey.delete(key);
    changed = true;
  };
  for (const key of removed) drop(key);
  for (const message of upserts) {
    // One message has one bubble, whichever key it was first pushed with.
    const other = message.id === null ? undefined : keyOfId.get(message.id);
    if (other !== undefined && other !== message.key) drop(other);
    const index = byKey.get(message.key);
    const known = index === undefined ? undefined : items[index];
    if (index !== undefined && known) {
      moved ||= byPosition(known, message) !== 0;
      items[index] = message;
    } else if (belongs(window, message)) {
      byKey.set(message.key, items.push(message) - 1);
      moved = true;
    } else continue;
    if (message.id !== null) keyOfId.set(message.id, message.key);
    changed = true;
  }
  if (!changed) return window;
  const left = items.filter((item) => item !== null);
  return { ...window, items: moved ? left.sort(byPosition) : left };
}

/**
 * Appends a page loaded beyond one end. `from` is the key the page was requested from: if it has left the window in the
 * meantime, the page would leave a gap, so the window stays unchanged.
 */
export function joinPage(
  window: MessageWindow,
  page: MessagePage,
  side: 'older' | 'newer',
  from: string | null,
): MessageWindow {
  const end = side === 'older' ? window.items[0] : window.items.at(-1);
  if ((end?.key ?? null) !== from) return window;
  const known = new Set(window.items.map((item) => item.key));
  const ids = new Set(window.items.map((item) => item.id));
  const fresh = page.items.filter((item) => !known.has(item.key) && (item.id === null || !ids.has(item.id)));
  const items = fresh.length === 0 ? window.items : [...window.items, ...fresh].sort(byPosition);
  return side === 'older' ? { ...window, items, older: page.older } : { ...window, items, newer: page.newer };
}

/** Drops rows far from `reader` (a key; null: the newest end) when there are more than MAX_WINDOW. */
export function trimWindow(window: MessageWindow, reader: string | null): MessageWindow {
  const count = window.items.length;
  if (count <= MAX_WINDOW) return window;
  const found = reader === null ? -1 : findMessage(window, reader);
  const at = found >= 0 ? found : count - 1;
  let excess = count - TRIMMED;
  const fromOlder = Math.min(excess, Math.max(0, at - AROUND_READER));
  excess -= fromOlder;
  const fromNewer = Math.min(excess, Math.max(0, count - 1 - at - AROUND_READER));
  return {
    ...window,
    items: window.items.slice(fromOlder, count - fromNewer),
    older: fromOlder > 0 ? 'more' : window.older,
    newer: fromNewer > 0 ? 'more' : window.newer,
  };
}
