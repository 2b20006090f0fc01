/**
 * Shapes drawn into pixels with smooth edges. A shape is its signed distance: negative inside, in the units of the
 * drawing. Straight alpha, so that a hole in one layer leaves the colours around it alone.
 */

/** Red, green and blue from 0 to 255. */
export type Colour = readonly [red: number, green: number, blue: number];

/** Distance to the edge at a point, in the drawing's units; negative inside. */
export type Shape = (x: number, y: number) => number;

/** A square picture. */
export interface Raster {
  /** Width and height in pixels. */
  readonly size: number;
  /** Red, green, blue, alpha for each pixel, row by row; not premultiplied. */
  readonly pixels: Uint8Array;
}

/** A rectangle with round corners, or a circle, or a pill, by its radius. */
export function roundedBox(left: number, top: number, right: number, bottom: number, radius: number): Shape {
  const [midX, midY] = [(left + right) / 2, (top + bottom) / 2];
  const [reachX, reachY] = [(right - left) / 2 - radius, (bottom - top) / 2 - radius];
  return (x, y) => {
    const [outX, outY] = [Math.abs(x - midX) - reachX, Math.abs(y - midY) - reachY];
    return Math.hypot(Math.max(outX, 0), Math.max(outY, 0)) + Math.min(Math.max(outX, outY), 0) - radius;
  };
}

/** A line through points, with round ends. @param width of the whole line. */
export function stroke(points: readonly (readonly [x: number, y: number])[], width: number): Shape {
  const parts = points.slice(1).map((to, index) => ({ from: points[index] ?? to, to }));
  return (x, y) => {
    let nearest = Infinity;
    for (const { from, to } of parts) {
      const [alongX, alongY] = [to[0] - from[0], to[1] - from[1]];
      const length = alongX * alongX + alongY * alongY;
      const share = length === 0 ? 0 : ((x - from[0]) * alongX + (y - from[1]) * alongY) / length;
      const place = Math.min(1, Math.max(0, share));
      nearest = Math.min(nearest, Math.hypot(x - from[0] - place * alongX, y - from[1] - place * alongY));
    }
    return nearest - width / 2;
  };
}

/** All of the shapes as one. */
export function union(shapes: readonly Shape[]): Shape {
  return (x, y) => shapes.reduce((nearest, shape) => Math.min(nearest, shape(x, y)), Infinity);
}

/** The shape with a margin around it. */
export function grown(shape: Shape, margin: number): Shape {
  return (x, y) => shape(x, y) - margin;
}

/** A picture that is being drawn, on a canvas of `units` by `units`. */
export class Canvas {
  readonly #size: number;
  readonly #scale: number;
  readonly #pixels: Uint8Array;

  /** @param size in pixels. @param units of the drawing's own, from the upper left corner. */
  constructor(size: number, units: number) {
    this.#size = size;
    this.#scale = size / units;
    this.#pixels = new Uint8Array(size * size * 4);
  }

  /** Fills a shape. `colour` may depend on the height within the drawing. */
  fill(shape: Shape, colour: Colour | ((y: number) => Colour)): this {
    return this.#each(shape, (at, covered, y) => {
      const paint = typeof colour === 'function' ? colour(y) : colour;
      const under = (this.#pixels[at + 3] ?? 0) / 255;
      const alpha = covered + under * (1 - covered);
      paint.forEach((part, channel) => {
        const mixed = part * covered + (this.#pixels[at + channel] ?? 0) * under * (1 - covered);
        this.#pixels[at + channel] = Math.round(mixed / alpha);
      });
      this.#pixels[at + 3] = Math.round(alpha * 255);
    });
  }

  /** Cuts a shape out: nothing is left there. */
  cut(shape: Shape): this {
    return this.#each(shape, (at, covered) => {
      this.#pixels[at + 3] = Math.round((this.#pixels[at + 3] ?? 0) * (1 - covered));
    });
  }

  done(): Raster {
    return { size: this.#size, pixels: this.#pixels };
  }

  /** Visits the pixels that a shape covers, each with its share from 0 to 1. */
  #each(shape: Shape, visit: (at: number, covered: number, y: number) => void): this {
    for (let row = 0; row < this.#size; row += 1) {
      const y = (row + 0.5) / this.#scale;
      for (let column = 0; column < this.#size; column += 1) {
        const covered = Math.min(1, 0.5 - shape((column + 0.5) / this.#scale, y) * this.#scale);
        if (covered > 0) visit((row * this.#size + column) * 4, covered, y);
      }
    }
    return this;
  }
}
