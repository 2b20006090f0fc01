/**
 * The tray's picture and the taskbar's overlay, drawn for the size at which they are shown: a count that is scaled by
 * the system cannot be read. A gap of nothing is around each sign, so that it stands out on light and on dark trays.
 */
import { textShape, type TextSize, textWidth } from './count-glyphs.ts';
import { Canvas, type Colour, grown, type Raster, roundedBox, type Shape, stroke } from './raster.ts';

/** What the tray says: nothing, something in muted chats alone, or how many messages are unread. */
export type TraySign = { kind: 'none' } | { kind: 'dot' } | { kind: 'count'; text: string };

/** Counts above it are told as "99+". */
const MOST_TOLD = 99;

/** The sign of a count. @param muted there is something unread in chats that are muted. */
export function traySign(messages: number, muted: boolean): TraySign {
  if (messages <= 0) return { kind: muted ? 'dot' : 'none' };
  return { kind: 'count', text: messages > MOST_TOLD ? `${String(MOST_TOLD)}+` : String(messages) };
}

/** The drawing's units: the pixels of the smallest tray. */
const UNITS = 16;
/** build/icon.svg, from which the other icons are rendered: the plate there, and the mark alone. */
const PLATE = { left: 100, side: 824, radius: 186, from: [0x5c, 0x69, 0xee], to: [0x34, 0x3d, 0xb4] } as const;
const MARK = { left: 166, side: 692 } as const;
const BATONS: readonly { points: readonly (readonly [number, number])[]; colour: Colour }[] = [
  {
    points: [
      [272, 652],
      [482, 442],
    ],
    colour: [0xff, 0xff, 0xff],
  },
  {
    points: [
      [590, 334],
      [590, 334],
    ],
    colour: [0xff, 0x85, 0x48],
  },
  {
    points: [
      [752, 372],
      [542, 582],
    ],
    colour: [0xbc, 0xc4, 0xff],
  },
  {
    points: [
      [434, 690],
      [434, 690],
    ],
    colour: [0xbc, 0xc4, 0xff],
  },
];
const BATON_WIDTH = 104;
/** The mark's own transform there. */
const MARK_SCALE = 1.1;
const MARK_SHIFT = -51.2;

const BLACK: Colour = [0, 0, 0];
const WHITE: Colour = [0xff, 0xff, 0xff];
const COUNT: Colour = [0xe5, 0x2d, 0x3f];
const DOT: Colour = [0x9a, 0xa0, 0xae];

/** Of nothing, around a sign. */
const GAP = 1;
/** Height of the pill that holds a count, and width of one that holds a single digit. */
const PILL = 11;
/** At either end of a pill, up to the middle of the text's outer line. */
const PADDING = 2.5;
const DOT_SIDE = 7;
/** A single digit has room; several share the tray's whole width. */
const ONE: TextSize = { height: 6, width: 4, line: 1.5, gap: 2 };
const TWO: TextSize = { height: 6, width: 4, line: 1.3, gap: 2 };
const THREE: TextSize = { height: 6, width: 3, line: 1.2, gap: 2 };

/** Alone on the overlay. */
const LARGE: TextSize = { height: 9, width: 5, line: 1.8, gap: 2 };

function sizeOf(text: string, height: number): TextSize {
  if (text.length === 1) return height === UNITS ? LARGE : ONE;
  return text.length === 2 ? TWO : THREE;
}

function between(from: readonly number[], to: readonly number[], share: number): Colour {
  const part = (channel: number): number => {
    const start = from[channel] ?? 0;
    return start + ((to[channel] ?? 0) - start) * Math.min(1, Math.max(0, share));
  };
  return [part(0), part(1), part(2)];
}

/** The batons, where `left` and `side` are what is shown of the drawing. */
function batons({ left, side }: { left: number; side: number }): { shape: Shape; colour: Colour }[] {
  const scale = UNITS / side;
  const place = (value: number): number => (value * MARK_SCALE + MARK_SHIFT - left) * scale;
  return BATONS.map(({ points, colour }) => ({
    shape: stroke(
      points.map(([x, y]) => [place(x), place(y)] as const),
      BATON_WIDTH * MARK_SCALE * scale,
    ),
    colour,
  }));
}

function drawPlate(canvas: Canvas): void {
  const radius = (PLATE.radius / PLATE.side) * UNITS;
  canvas.fill(roundedBox(0, 0, UNITS, UNITS, radius), (y) => between(PLATE.from, PLATE.to, y / UNITS));
  for (const { shape, colour } of batons(PLATE)) canvas.fill(shape, colour);
}

/** The count in a pill, by its lower right corner; it grows to the left. */
function drawCount(canvas: Canvas, text: string, pill: { right: number; bottom: number; height: number }): void {
  const size = sizeOf(text, pill.height);
  const wide = textWidth(text, size);
  const width = Math.max(pill.height, Math.min(UNITS, wide + 2 * PADDING));
  const [left, top] = [pill.right - width, pill.bottom - pill.height];
  const shape = roundedBox(left, top, pill.right, pill.bottom, Math.min(width, pill.height) / 2);
  canvas.cut(grown(shape, GAP)).fill(shape, COUNT);
  canvas.fill(textShape(text, left + (width - wide) / 2, top + (pill.height - size.height) / 2, size), WHITE);
}

/**
 * The tray's picture in colours.
 * @param size in pixels; 16 and its multiples are the sharpest.
 */
export function drawTray(size: number, sign: TraySign): Raster {
  const canvas = new Canvas(size, UNITS);
  drawPlate(canvas);
  if (sign.kind === 'dot') {
    const dot = roundedBox(UNITS - DOT_SIDE, UNITS - DOT_SIDE, UNITS, UNITS, DOT_SIDE / 2);
    canvas.cut(grown(dot, GAP)).fill(dot, DOT);
  } else if (sign.kind === 'count') drawCount(canvas, sign.text, { right: UNITS, bottom: UNITS, height: PILL });
  return canvas.done();
}

/** The mark alone, in black: macOS takes its alpha and gives it the menu bar's colour. A count stands beside it as text. */
export function drawTemplate(size: number, sign: TraySign): Raster {
  const canvas = new Canvas(size, UNITS);
  for (const { shape } of batons(MARK)) canvas.fill(shape, BLACK);
  if (sign.kind !== 'dot') return canvas.done();
  const side = DOT_SIDE - 1;
  const dot = roundedBox(UNITS - side, UNITS - side, UNITS, UNITS, side / 2);
  return canvas.cut(grown(dot, GAP)).fill(dot, BLACK).done();
}

/** What Windows lays over the app's button in the taskbar: the count alone. */
export function drawOverlay(size: number, text: string): Raster {
  const canvas = new Canvas(size, UNITS);
  const isLong = text.length > 2;
  const height = isLong ? 12 : UNITS;
  drawCount(canvas, text, { right: UNITS, bottom: UNITS - (UNITS - height) / 2, height });
  return canvas.done();
}
