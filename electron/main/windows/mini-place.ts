/** Where the small window of a call opens: where it was, else in the lower right corner. Pure. */
import { z } from 'zod';
import type { Box } from './bounds.ts';

/** In pixels of the screen. */
export const MINI_SIZE = { width: 344, height: 216 };
/** Pixels between the window and the edges of the screen. */
const GAP = 24;

export type MiniPlace = Pick<Box, 'x' | 'y'>;

const whole = z.number().finite().transform(Math.round);
const StoredPlace = z.object({ x: whole, y: whole });

/** The stored place if the whole window is seen there; null otherwise. `areas`: the work areas of all displays. */
export function readMiniPlace(stored: unknown, areas: readonly Box[]): MiniPlace | null {
  const parsed = StoredPlace.safeParse(stored);
  if (!parsed.success) return null;
  const { x, y } = parsed.data;
  const isSeen = areas.some(
    (area) =>
      x >= area.x &&
      y >= area.y &&
      x + MINI_SIZE.width <= area.x + area.width &&
      y + MINI_SIZE.height <= area.y + area.height,
  );
  return isSeen ? { x, y } : null;
}

/** The lower right corner of a work area. */
export function cornerOf({ x, y, width, height }: Box): MiniPlace {
  return {
    x: Math.max(x, x + width - MINI_SIZE.width - GAP),
    y: Math.max(y, y + height - MINI_SIZE.height - GAP),
  };
}
