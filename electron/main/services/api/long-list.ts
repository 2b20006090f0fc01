/**
 * Reads an answer that is one long list while it comes: however long it is, a piece of it is held at a time. What a server
 * puts last is what is left out where it does not end: of chats the ones that were quiet for longest.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { z } from 'zod';
import { parseWireJson } from '../../lib/wire-json.ts';
import { openItem } from './answer.ts';
import { ListScanner } from './list-scanner.ts';

/** Milliseconds until the list must have come. */
export const LIST_TIMEOUT_MS = 120_000;

/** Bounds of a list; sizes in characters. */
export interface ListLimits {
  /** One item; a longer one is left out. */
  item: number;
  whole: number;
  items: number;
}

export const LIST_LIMITS: ListLimits = { item: 2 * 1024 * 1024, whole: 64 * 1024 * 1024, items: 100_000 };
/** Around the list: cursors and the like. */
const MOST_AROUND = 64 * 1024;
/** Items that are handed over together. */
const PIECE = 50;

/** Begins to read. @param name the list's own name. @param take gets the items that make sense, a few at a time. */
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

  const hand = async (): Promise<void> => {
    const piece = waiting;
    waiting = [];
    if (piece.length > 0) await take(piece);
    await nextTurn();
  };

  return {
    /** The next piece of text; false when nothing more is wanted. */
    async push(text: string): Promise<boolean> {
      chars += text.length;
      for (const json of scanner.push(text)) {
        items += 1;
        const opened = readItem(item, json);
        if (opened === null) broken += 1;
        else waiting.push(opened);
        if (waiting.length >= PIECE) await hand();
      }
      isTooLong = chars >= limits.whole || items >= limits.items;
      return !isTooLong;
    },
    /** After the last piece of text: the answer with an empty list, or null where no list was found or too much around it. */
    async end(): Promise<unknown> {
      await hand();
      if (!scanner.isFound) return null;
      // Cut off in the middle, there is nothing around it that could be read.
      if (!scanner.isWhole || scanner.around === null) return { [name]: [] };
      try {
        return parseWireJson(scanner.around);
      } catch (error) {
        if (error instanceof SyntaxError) return null;
        throw error;
      }
    },
    /** Items that made no sense or were too long. */
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
