/**
 * The digits of a small count, as lines. Each stands on a grid of the pixels that it has at its smallest: there the
 * middle of a line is the middle of a pixel, and nothing is blurred.
 */
import { type Shape, stroke, union } from './raster.ts';

type Line = readonly (readonly [x: number, y: number])[];

/** Height of a digit, from the middle of its upper line to that of its lower one. */
const HEIGHT = 6;

/** x from 0 to 1, y from 0 to 6. */
const GLYPHS: Readonly<Record<string, readonly Line[]>> = {
  '0': [
    [
      [0.3, 0],
      [0.7, 0],
      [1, 1],
      [1, 5],
      [0.7, 6],
      [0.3, 6],
      [0, 5],
      [0, 1],
      [0.3, 0],
    ],
  ],
  '1': [
    [
      [0.1, 1.4],
      [0.6, 0],
      [0.6, 6],
    ],
    [
      [0.15, 6],
      [1, 6],
    ],
  ],
  '2': [
    [
      [0, 1],
      [0.3, 0],
      [0.7, 0],
      [1, 1],
      [1, 2.2],
      [0, 6],
      [1, 6],
    ],
  ],
  '3': [
    [
      [0, 0.8],
      [0.3, 0],
      [0.7, 0],
      [1, 1],
      [1, 2.1],
      [0.7, 3],
      [0.35, 3],
    ],
    [
      [0.7, 3],
      [1, 3.9],
      [1, 5],
      [0.7, 6],
      [0.3, 6],
      [0, 5.2],
    ],
  ],
  '4': [
    [
      [0.75, 6],
      [0.75, 0],
      [0, 4],
      [1.05, 4],
    ],
  ],
  '5': [
    [
      [1, 0],
      [0, 0],
      [0, 2.6],
      [0.7, 2.6],
      [1, 3.5],
      [1, 5],
      [0.7, 6],
      [0.3, 6],
      [0, 5.3],
    ],
  ],
  '6': [
    [
      [0.95, 0.5],
      [0.7, 0],
      [0.3, 0],
      [0, 1],
      [0, 5],
      [0.3, 6],
      [0.7, 6],
      [1, 5],
      [1, 3.8],
      [0.7, 3],
      [0.3, 3],
      [0, 3.8],
    ],
  ],
  '7': [
    [
      [0, 0],
      [1, 0],
      [0.35, 6],
    ],
  ],
  '8': [
    [
      [0.3, 0],
      [0.7, 0],
      [1, 0.9],
      [1, 2.1],
      [0.7, 3],
      [1, 3.9],
      [1, 5.1],
      [0.7, 6],
      [0.3, 6],
      [0, 5.1],
      [0, 3.9],
      [0.3, 3],
      [0, 2.1],
      [0, 0.9],
      [0.3, 0],
    ],
    [
      [0.3, 3],
      [0.7, 3],
    ],
  ],
  '9': [
    [
      [0.05, 5.5],
      [0.3, 6],
      [0.7, 6],
      [1, 5],
      [1, 1],
      [0.7, 0],
      [0.3, 0],
      [0, 1],
      [0, 2.2],
      [0.3, 3],
      [0.7, 3],
      [1, 2.2],
    ],
  ],
  '+': [
    [
      [0, 3],
      [1, 3],
    ],
    [
      [0.5, 1.5],
      [0.5, 4.5],
    ],
  ],
};

/** How text is set. All in the drawing's units. */
export interface TextSize {
  /** Height and width of a digit, between the middles of its outer lines. */
  height: number;
  width: number;
  /** Width of a line. */
  line: number;
  /** From the last line of a character to the first of the next one, between their middles. */
  gap: number;
}

/** Width of the text between the middles of its outer lines. */
export function textWidth(text: string, { width, gap }: TextSize): number {
  return text.length * (width + gap) - gap;
}

/** Digits and a plus, with the middle of their outer lines at `left` and `top`. */
export function textShape(text: string, left: number, top: number, size: TextSize): Shape {
  const shapes = [...text].flatMap((character, index) => {
    const start = left + index * (size.width + size.gap);
    const place = ([x, y]: Line[number]): Line[number] => [start + x * size.width, top + (y / HEIGHT) * size.height];
    return (GLYPHS[character] ?? []).map((line) => stroke(line.map(place), size.line));
  });
  return union(shapes);
}
