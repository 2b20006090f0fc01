/** Where the window opens: where it was, if the user can still see and grab it there. */
import { z } from 'zod';

export const SMALLEST = { width: 480, height: 400 };
const USUAL = { width: 1280, height: 800 };
/** At least this much of the title bar must be on a display. */
const VISIBLE = { width: 120, height: 40 };

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

const whole = z.number().finite().transform(Math.round);
const StoredPlace = z.object({ x: whole, y: whole, width: whole, height: whole, maximized: z.boolean() });
export type WindowPlace = z.infer<typeof StoredPlace>;

function between(value: number, least: number, most: number): number {
  return Math.max(least, Math.min(value, Math.max(least, most)));
}

/** Width and height of the overlap of `a` and `b`; not positive when they do not overlap. */
function overlap(a: Box, b: Box): { width: number; height: number } {
  return {
    width: Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x),
    height: Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y),
  };
}

/**
 * The window's initial place. `displays` are the work areas, the primary first. Without a usable stored place it has
 * the usual size, and the system chooses the position.
 */
export function placeWindow(stored: unknown, displays: Box[]): Partial<Box> & { maximized: boolean } {
  const parsed = StoredPlace.safeParse(stored);
  const first = displays[0] ?? { x: 0, y: 0, ...USUAL };
  if (!parsed.success) {
    return {
      width: between(USUAL.width, SMALLEST.width, first.width),
      height: between(USUAL.height, SMALLEST.height, first.height),
      maximized: false,
    };
  }
  const place = parsed.data;
  const home = displays.find((display) => {
    const seen = overlap({ ...place, height: VISIBLE.height }, display);
    return seen.width >= VISIBLE.width && seen.height >= VISIBLE.height / 2;
  });
  const area = home ?? first;
  const width = between(place.width, SMALLEST.width, area.width);
  const height = between(place.height, SMALLEST.height, area.height);
  if (!home) return { width, height, maximized: place.maximized };
  // Shrinking the window to fit the display may have removed the part that was on it.
  const x = between(place.x, area.x + VISIBLE.width - width, area.x + area.width - VISIBLE.width);
  return { x, y: place.y, width, height, maximized: place.maximized };
}
