/**
 * The space of the pictures of a message, reserved before they load. Pure. Sizes are CSS pixels at the normal text
 * size.
 */

export interface PictureSize {
  /** Pixels; null when unknown. */
  width: number | null;
  height: number | null;
}
export interface Box {
  width: number;
  height: number;
}

/** The largest box of one picture, and the least: narrower ones are cropped. */
const MOST: Box = { width: 420, height: 400 };
const LEAST: Box = { width: 176, height: 88 };
const UNKNOWN: Box = { width: 280, height: 210 };
/** Pictures shown of many; the last one shows how many more there are. */
export const SHOWN = 3;
const PAIR: Box = { width: 420, height: 156 };
const MANY: Box = { width: 420, height: 270 };

function single({ width, height }: PictureSize): Box {
  if (width === null || height === null || width <= 0 || height <= 0) return UNKNOWN;
  const scale = Math.min(1, MOST.width / width, MOST.height / height);
  return {
    width: Math.round(Math.min(MOST.width, Math.max(LEAST.width, width * scale))),
    height: Math.round(Math.min(MOST.height, Math.max(LEAST.height, height * scale))),
  };
}

/** The box of one or several pictures; zero for none. */
export function mosaicBox(pictures: readonly PictureSize[]): Box {
  const [first] = pictures;
  if (!first) return { width: 0, height: 0 };
  if (pictures.length === 1) return single(first);
  return pictures.length === 2 ? PAIR : MANY;
}

/** How many pictures are not shown by themselves. */
export function hiddenPictures(count: number): number {
  return Math.max(0, count - SHOWN);
}
