/** Loudness over time, reduced to what a waveform shows. Pure. */

/** Points of a waveform as it is drawn beside a message, and at its full width. */
export const PEAKS = 64;
export const WAVEFORM_POINTS = 512;
/** Levels that are taken of a second of sound, each the loudest of its samples. */
export const LEVELS_PER_SECOND = 50;

/** Collects levels one after the other, each for the same time, without keeping all of them. */
export interface Levels {
  /** @param level at least 0, in any linear unit. */
  add(level: number): void;
  /** At most `WAVEFORM_POINTS` levels from 0 to 1, the loudest being 1; null when there were none. */
  points(): number[] | null;
}

/** Keeps up to twice as many points as are wanted; when it is full, neighbours become one. */
export function collectLevels(): Levels {
  let kept: number[] = [];
  /** Levels per point. */
  let per = 1;
  let pending = 0;
  let loudest = 0;

  return {
    add(level) {
      loudest = Math.max(loudest, level);
      pending += 1;
      if (pending < per) return;
      kept.push(loudest);
      [pending, loudest] = [0, 0];
      if (kept.length < WAVEFORM_POINTS * 2) return;
      kept = kept.flatMap((one, index) => (index % 2 === 0 ? [Math.max(one, kept[index + 1] ?? 0)] : []));
      per *= 2;
    },
    points() {
      const all = pending > 0 ? [...kept, loudest] : kept;
      if (all.length === 0) return null;
      const top = Math.max(...all);
      return reduce(all, WAVEFORM_POINTS).map((level) => (top > 0 ? level / top : 0));
    },
  };
}

/** At most `count` points, each the loudest of its part. */
export function reduce(levels: readonly number[], count: number): number[] {
  if (levels.length <= count) return [...levels];
  return Array.from({ length: count }, (_, n) => {
    const start = Math.floor((n * levels.length) / count);
    const end = Math.max(start + 1, Math.floor(((n + 1) * levels.length) / count));
    return Math.max(...levels.slice(start, end));
  });
}
