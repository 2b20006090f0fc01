/** Waveforms as bars. Pure. */

/** The lowest bar, as a part of the full height. */
export const LEAST_BAR = 0.08;

/**
 * `count` bar heights from 0 to 1, scaled so that the loudest one is full. Each bar is the loudest peak of its part of
 * `peaks`; a quiet recording is not blown up beyond four times.
 */
export function barsOf(peaks: readonly number[], count: number): number[] {
  if (count <= 0) return [];
  if (peaks.length === 0) return new Array<number>(count).fill(LEAST_BAR);
  const clean = peaks.map((peak) => (Number.isFinite(peak) ? Math.min(1, Math.max(0, peak)) : 0));
  const bars = Array.from({ length: count }, (_, bar) => {
    const from = Math.min(clean.length - 1, Math.floor((bar * clean.length) / count));
    const to = Math.max(from + 1, Math.floor(((bar + 1) * clean.length) / count));
    return Math.max(...clean.slice(from, to));
  });
  const loudest = Math.max(...bars, 0.25);
  return bars.map((height) => Math.max(LEAST_BAR, height / loudest));
}

/** The last `count` moments of a recording that goes on, newest last; the scale is fixed, so that bars never shrink. */
export function liveBars(levels: readonly number[], count: number): number[] {
  const last = levels.slice(-count).map((level) => Math.min(1, Math.max(LEAST_BAR, level)));
  return [...new Array<number>(Math.max(0, count - last.length)).fill(LEAST_BAR), ...last];
}

/** The part of the whole, 0 to 1, at a horizontal position within a width. */
export function partAt(x: number, width: number): number {
  return width <= 0 ? 0 : Math.min(1, Math.max(0, x / width));
}
