/**
 * A square cut out of a picture. Pure. Lengths are pixels of the picture; the square always lies inside.
 */

export interface PictureSize {
  width: number;
  height: number;
}
export interface Crop {
  /** The upper left corner. */
  x: number;
  y: number;
  edge: number;
}

/** The smallest edge: less would be blurred as an avatar. */
const LEAST_EDGE = 64;
/** One key press moves by this part of the edge, and changes the edge by this factor. */
const KEY_PART = 0.05;
const KEY_FACTOR = 1.1;

/** The smallest square of this picture. */
export function leastEdge(size: PictureSize): number {
  return Math.min(LEAST_EDGE, size.width, size.height);
}

/** Keeps a square inside the picture and no smaller than allowed. */
export function inside(crop: Crop, size: PictureSize): Crop {
  const edge = Math.min(Math.max(crop.edge, leastEdge(size)), size.width, size.height);
  const within = (value: number, most: number): number => Math.min(Math.max(0, value), Math.max(0, most));
  return { edge, x: within(crop.x, size.width - edge), y: within(crop.y, size.height - edge) };
}

/** The largest square in the middle. */
export function wholeCrop(size: PictureSize): Crop {
  const edge = Math.min(size.width, size.height);
  return inside({ edge, x: (size.width - edge) / 2, y: (size.height - edge) / 2 }, size);
}

/** Moves the square. */
export function moveCrop(crop: Crop, dx: number, dy: number, size: PictureSize): Crop {
  return inside({ ...crop, x: crop.x + dx, y: crop.y + dy }, size);
}

/** Changes the edge; the middle stays where it is as far as the picture allows. */
export function resizeCrop(crop: Crop, edge: number, size: PictureSize): Crop {
  const { edge: next } = inside({ ...crop, edge }, size);
  const shift = (crop.edge - next) / 2;
  return inside({ edge: next, x: crop.x + shift, y: crop.y + shift }, size);
}

/** The square after a key press; null for keys that do nothing. Shift moves faster. */
export function cropKey(
  event: { key: string; shiftKey: boolean; ctrlKey: boolean; metaKey: boolean; altKey: boolean },
  crop: Crop,
  size: PictureSize,
): Crop | null {
  if (event.ctrlKey || event.metaKey || event.altKey) return null;
  const step = crop.edge * KEY_PART * (event.shiftKey ? 4 : 1);
  switch (event.key) {
    case 'ArrowLeft':
      return moveCrop(crop, -step, 0, size);
    case 'ArrowRight':
      return moveCrop(crop, step, 0, size);
    case 'ArrowUp':
      return moveCrop(crop, 0, -step, size);
    case 'ArrowDown':
      return moveCrop(crop, 0, step, size);
    case '+':
    case '=':
      return resizeCrop(crop, crop.edge / KEY_FACTOR, size);
    case '-':
    case '_':
      return resizeCrop(crop, crop.edge * KEY_FACTOR, size);
    default:
      return null;
  }
}
