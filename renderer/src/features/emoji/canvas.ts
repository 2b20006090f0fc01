/** Paints emojis out of sight, in the fonts of the page. */
import { createDrawnEmojis, INK, type DrawnEmojis, type Painter } from './drawn.ts';

const SIZE = 16;
/** Room for what falls apart into two. */
const PLACE = SIZE * 2;
/** How long a busy page may keep the next few waiting, in milliseconds. */
const PATIENCE = 50;

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
    const plain = context.measureText('😀').width;
    for (const [at, text] of texts.entries()) context.fillText(text, SIZE / 4, PLACE * (at + 0.5));
    const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
    const length = PLACE * PLACE * 4;
    return texts.map((text, at) => ({
      width: context.measureText(text).width / plain,
      pixels: data.subarray(at * length, (at + 1) * length),
    }));
  };
}

function idle(): Promise<void> {
  return new Promise((resolve) => requestIdleCallback(() => resolve(), { timeout: PATIENCE }));
}

let made: Promise<DrawnEmojis> | null = null;

/** What the fonts of this computer draw: one for the whole page. */
export function drawnEmojis(): Promise<DrawnEmojis> {
  made ??= (async () => {
    const font = `${String(SIZE)}px ${getComputedStyle(document.documentElement).getPropertyValue('--font')}`;
    // A font that was never used is not there yet, and would not be painted with.
    await document.fonts
      .load(font, '😀')
      .catch((error: unknown) => console.warn('no emoji font could be loaded', error));
    return createDrawnEmojis(createPainter(font), idle);
  })();
  return made;
}
