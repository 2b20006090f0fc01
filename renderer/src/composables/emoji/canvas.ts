/** Paints emojis out of sight, in the fonts of the page. */
import { createDrawnEmojis, INK, PLAIN, type DrawnEmojis, type Painter } from './drawn.ts';

const SIZE = 16;
/** Room for what falls apart into two. */
const PLACE = SIZE * 2;
/** How long a busy page may keep the next few waiting, in milliseconds. */
const PATIENCE = 50;
/** What the next few take, in milliseconds. */
const ENOUGH = 12;

function createPainter(font: string): Painter | null {
  const context = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  if (!context) return null;
  return (texts) => {
    if (texts.length === 0) return [];
    const { canvas } = context;
    // Setting a size empties the canvas and forgets how it paints.
    canvas.width = PLACE;
    canvas.height = PLACE * texts.length;
    context.font = font;
    context.textBaseline = 'middle';
    context.fillStyle = `rgb(${INK.join(' ')})`;
    const plain = context.measureText(PLAIN).width;
    for (const [at, text] of texts.entries()) context.fillText(text, SIZE / 4, PLACE * (at + 0.5));
    const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
    const length = PLACE * PLACE * 4;
    return texts.map((text, at) => ({
      width: context.measureText(text).width / plain,
      pixels: data.subarray(at * length, (at + 1) * length),
    }));
  };
}

let period: IdleDeadline | null = null;

/** Waits for time that nobody needs; what is left of such a time is used before another one is asked for. */
function idle(): Promise<void> {
  if (period && period.timeRemaining() > ENOUGH) return Promise.resolve();
  return new Promise((resolve) => {
    requestIdleCallback(
      (deadline) => {
        period = deadline;
        resolve();
      },
      { timeout: PATIENCE },
    );
  });
}

let made: Promise<DrawnEmojis> | null = null;

/** What the fonts of this computer draw: one for the whole page. */
export function drawnEmojis(): Promise<DrawnEmojis> {
  made ??= (async () => {
    const font = `${String(SIZE)}px ${getComputedStyle(document.documentElement).getPropertyValue('--font')}`;
    const painter = createPainter(font);
    if (painter) {
      // A font that was never used is not there yet, and would not be painted with.
      await document.fonts.load(font, PLAIN).catch((error: unknown) => console.warn('no emoji font was loaded', error));
    }
    return createDrawnEmojis(painter, idle);
  })();
  return made;
}

/** Those of a few emojis that are drawn; all of them where none is, since a box can still be chosen by its name. */
export async function drawnOf(emojis: readonly string[]): Promise<readonly string[]> {
  const drawn = await drawnEmojis();
  await drawn.prove(emojis, new AbortController().signal);
  const those = emojis.filter((emoji) => drawn.get(emoji));
  return those.length > 0 ? those : emojis;
}
