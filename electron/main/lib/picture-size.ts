/** How large a picture may be that Chromium decodes for us: four bytes of memory a pixel, whatever the file's size. Pure. */

/** Pixels above which a picture is shown by a smaller preview. */
const HUGE = 24_000_000;
/** The same for a file of this computer, which has no preview: the user has chosen it. */
const MOST_SHOWN = 64_000_000;
/** Sides below which a picture is not worth scaling down. */
export const REDUCED_SIDE = 2048;

interface Sides {
  width: number | null;
  height: number | null;
}

/** True for a picture that is too large for a message. */
export function isHuge({ width, height }: Sides): boolean {
  return width !== null && height !== null && width * height > HUGE;
}

/** True for a picture of known size that can be shown from this computer. */
export function canShow({ width, height }: Sides): boolean {
  return width !== null && height !== null && width * height <= MOST_SHOWN;
}
