/** Paints emojis off screen, in the page's fonts. */
import { createDrawnEmojis, INK, PLAIN, type DrawnEmojis, type Painter } from './drawn.ts';

const SIZE = 16;
/** Room for a sequence that falls apart into two glyphs. */
const PLACE = SIZE * 2;
/** Milliseconds a busy page may delay the next batch. */
const PATIENCE = 50;
/** Milliseconds a batch takes. */
const ENOUGH = 12;

function createPainter(font: string): Painter | null {
  const context = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  if (!context) return null;
  return (texts) => {
    if (texts.length === 0) return [];
    const { canvas } = context;
    // Setting the size clears the canvas and resets its drawing state.
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

/** Waits for idle time; the rest of an idle period is used up before the next is requested. */
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

/** Which emojis this computer's fonts draw; shared by the whole page. */
export function drawnEmojis(): Promise<DrawnEmojis> {
  made ??= (async () => {
    const font = `${String(SIZE)}px ${getComputedStyle(document.documentElement).getPropertyValue('--font')}`;
    const painter = createPainter(font);
    if (painter) {
      // A font that was never used is not loaded yet and would not be painted.
      await document.fonts.load(font, PLAIN).catch((error: unknown) => console.warn('no emoji font was loaded', error));
    }
    return createDrawnEmojis(painter, idle);
  })();
  return made;
}

/** The emojis that can be drawn; all of them if none can, since a box can still be chosen by its name. */
export async function drawnOf(emojis: readonly string[]): Promise<readonly string[]> {
  const drawn = await drawnEmojis();
  await drawn.prove(emojis, new AbortController().signal);
  const those = emojis.filter((emoji) => drawn.get(emoji));
  return those.length > 0 ? those : emojis;
}
