/** What is noted during a call for its recap: how well it ran, and what was heard together. Nothing of it leaves this page. */
import type { TrackView } from '#contract/ipc/music-views.ts';
import type { Quality } from '../engines/peer/quality.ts';

/** Readings that are kept, one every 2 s at first: an hour and a half. Of a longer call each stands for more time. */
const MOST_READINGS = 2_700;
/** Tracks that a recap names. */
const MOST_TRACKS = 50;
/** Bars of a recap's curve. */
const BARS = 32;

export interface Recap {
  /** The call's quality over its length, at most 32 parts of it, each by its worst reading; empty when there was none. */
  readonly curve: readonly Quality[];
  /** In one word; null when nothing was measured. */
  readonly quality: Quality | null;
  /** What was heard together, each once, in order. */
  readonly tracks: readonly TrackView[];
}

export interface CallLog {
  reading(quality: Quality): void;
  heard(track: TrackView): void;
  recap(): Recap;
}

const RANK: Readonly<Record<Quality, number>> = { good: 0, fair: 1, poor: 2, bad: 3 };
/** The part of the readings that may be worse than what the recap says. */
const TOLERATED = 0.1;

const worse = (one: Quality, other: Quality): Quality => (RANK[one] > RANK[other] ? one : other);

/** These readings in at most so many parts, each by its worst one. */
export function curveOf(readings: readonly Quality[], most = BARS): Quality[] {
  const bars = Math.min(most, readings.length);
  return Array.from({ length: bars }, (_, n) => {
    const part = readings.slice(
      Math.floor((n * readings.length) / bars),
      Math.floor(((n + 1) * readings.length) / bars),
    );
    return part.reduce<Quality>(worse, 'good');
  });
}

/** The level that nine of ten readings reach; null when there is none. */
export function usualQuality(readings: readonly Quality[]): Quality | null {
  const sorted = [...readings].sort((one, other) => RANK[one] - RANK[other]);
  return sorted[Math.ceil(sorted.length * (1 - TOLERATED)) - 1] ?? null;
}

export function createCallLog(): CallLog {
  let readings: Quality[] = [];
  /** How many readings one that is kept stands for, and those of the next one so far. */
  let span = 1;
  let open: Quality[] = [];
  const tracks = new Map<string, TrackView>();
  return {
    reading(quality) {
      open.push(quality);
      if (open.length < span) return;
      readings.push(open.reduce(worse));
      open = [];
      if (readings.length < MOST_READINGS) return;
      readings = curveOf(readings, MOST_READINGS / 2);
      span *= 2;
    },
    heard(track) {
      if (tracks.size < MOST_TRACKS) tracks.set(track.id, track);
    },
    recap: () => ({ curve: curveOf(readings), quality: usualQuality(readings), tracks: [...tracks.values()] }),
  };
}
