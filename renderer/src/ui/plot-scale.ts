/** Scales and paths of plots. Pure. */

/** Where a scale ends, and its round steps from 0 on. */
export interface Scale {
  top: number;
  steps: number[];
}

/** A scale of about `count` steps of 1, 2 or 5 times a power of ten; whole numbers only. */
export function scaleFor(most: number, count = 4): Scale {
  const raw = Math.max(1, most) / count;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = Math.max(1, ([1, 2, 5, 10].find((factor) => factor * power >= raw) ?? 10) * power);
  const top = Math.ceil(Math.max(1, most) / step) * step;
  return { top, steps: Array.from({ length: Math.round(top / step) + 1 }, (_, n) => n * step) };
}

/** A drawing's size. */
export interface Box {
  width: number;
  height: number;
}

/** Where the point of that number lies. */
export function xOf(index: number, count: number, { width }: Box): number {
  return count < 2 ? width / 2 : (index / (count - 1)) * width;
}

export function yOf(value: number, top: number, { height }: Box): number {
  return height - (Math.min(value, top) / top) * height;
}

/** One path through all values; where one is missing, it begins anew. */
export function linePath(values: readonly (number | null)[], top: number, box: Box): string {
  let isPen = false;
  return values
    .map((value, index) => {
      if (value === null) {
        isPen = false;
        return '';
      }
      const verb = isPen ? 'L' : 'M';
      isPen = true;
      return `${verb}${xOf(index, values.length, box).toFixed(1)} ${yOf(value, top, box).toFixed(1)}`;
    })
    .join('');
}

/** The area below a line that has all its values; empty otherwise. */
export function areaPath(values: readonly (number | null)[], top: number, box: Box): string {
  if (values.length < 2 || values.includes(null)) return '';
  return `${linePath(values, top, box)}L${box.width.toFixed(1)} ${box.height}L0 ${box.height}Z`;
}

/** The number of the point closest to a place. */
export function nearestPoint(x: number, count: number, { width }: Box): number {
  if (count < 2 || width <= 0) return 0;
  return Math.min(count - 1, Math.max(0, Math.round((x / width) * (count - 1))));
}

/** So many points, evenly among all of them, the first and the last included. */
export function spread(count: number, wanted: number): number[] {
  if (count <= wanted) return Array.from({ length: count }, (_, n) => n);
  return [...new Set(Array.from({ length: wanted }, (_, n) => Math.round((n * (count - 1)) / (wanted - 1))))];
}
