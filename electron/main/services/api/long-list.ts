/**
 * Reads an answer that is one long list as it arrives: however long it is, one piece is held at a time. If it does not
 * come to its end, what the server puts last is missing: of chats, the ones quiet for longest.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { z } from 'zod';
import { parseWireJson } from '../../lib/wire-json.ts';
import { openItem } from './answer.ts';
import { ListScanner } from './list-scanner.ts';

/** Milliseconds until the list must have arrived. */
export const LIST_TIMEOUT_MS = 120_000;

/** Limits of a list; sizes in characters. */
export interface ListLimits {
  /** Of one item; a longer one is left out. */
  item: number;
  whole: number;
  items: number;
}

export const LIST_LIMITS: ListLimits = { item: 2 * 1024 * 1024, whole: 64 * 1024 * 1024, items: 100_000 };
/** Around the list: cursors and the like. In characters. */
const MOST_AROUND = 64 * 1024;
/** Items passed on together. */
const PIECE = 50;

/** Starts reading. @param name the list's own name. @param take receives the valid items, a few at a time. */
export function openLongList<S extends z.ZodType>(
  name: string,
  item: S,
  take: (items: z.output<S>[]) => Promise<void>,
  limits: ListLimits = LIST_LIMITS,
) {
  const scanner = new ListScanner(name, { item: limits.item, around: MOST_AROUND });
  let waiting: z.output<S>[] = [];
  let chars = 0;
  let items = 0;
  let broken = 0;
  let isTooLong = false;

  const deliver = async (): Promise<void> => {
    const piece = waiting;
    waiting = [];
    if (piece.length > 0) await take(piece);
    await nextTurn();
  };

  return {
    /** Takes the next piece of text; false when no more is wanted. */
    async push(text: string): Promise<boolean> {
      chars += text.length;
      for (const json of scanner.push(text)) {
        items += 1;
        const opened = readItem(item, json);
        if (opened === null) broken += 1;
        else waiting.push(opened);
        if (waiting.length >= PIECE) await deliver();
      }
      isTooLong = chars >= limits.whole || items >= limits.items;
      return !isTooLong;
    },
    /**
     * After the last piece of text: the answer with an empty list, or null if no list was found or what surrounds it is
     * not JSON.
     */
    async end(): Promise<unknown> {
      await deliver();
      if (!scanner.isFound) return null;
      // Cut off in the middle, or with too much around the list, there is nothing to be read.
      if (!scanner.isWhole || scanner.around === null) return { [name]: [] };
      try {
        return parseWireJson(scanner.around);
      } catch (error) {
        if (error instanceof SyntaxError) return null;
        throw error;
      }
    },
    /** Items that were invalid or too long. */
    get dropped(): number {
      return broken + scanner.skipped;
    },
    get isWhole(): boolean {
      return scanner.isWhole && !isTooLong;
    },
  };
}

function readItem<S extends z.ZodType>(schema: S, json: string): z.output<S> | null {
  try {
    return openItem(schema, parseWireJson(json));
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof RangeError) return null;
    throw error;
  }
}
