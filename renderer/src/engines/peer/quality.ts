/** How well a call runs, in four levels, from two readings of the connection's statistics. Pure. */

export const QUALITIES = ['good', 'fair', 'poor', 'bad'] as const;
export type Quality = (typeof QUALITIES)[number];

/** Totals at one moment, as far as the browser reports them. */
export interface Reading {
  /** Round trip in seconds. */
  readonly roundTrip: number | null;
  /** Seconds of jitter of the voice. */
  readonly jitter: number | null;
  /** Packets received and lost since the begin, over all media of this side. */
  readonly received: number;
  readonly lost: number;
  /** The part of this side's packets that the other side misses, 0 to 1. */
  readonly lostThere: number | null;
}

/** The levels' upper limits: a value beyond the last one is `bad`. Seconds, seconds, part of 1. */
const LIMITS = {
  roundTrip: [0.2, 0.4, 0.8],
  jitter: [0.03, 0.06, 0.12],
  loss: [0.02, 0.05, 0.12],
} as const;

function levelOf(value: number | null, limits: readonly number[]): number {
  if (value === null) return 0;
  const level = limits.findIndex((limit) => value <= limit);
  return level < 0 ? limits.length : level;
}

/** The part of the packets that got lost between two readings, 0 to 1; null when there were none. */
export function lossBetween(before: Reading, now: Reading): number | null {
  // Late packets are counted back.
  const lost = Math.max(0, now.lost - before.lost);
  const received = Math.max(0, now.received - before.received);
  return lost + received === 0 ? null : lost / (lost + received);
}

/** The level: the worst of delay, jitter, and loss in either direction. */
export function qualityOf(before: Reading, now: Reading): Quality {
  const worst = Math.max(
    levelOf(now.roundTrip, LIMITS.roundTrip),
    levelOf(now.jitter, LIMITS.jitter),
    levelOf(lossBetween(before, now), LIMITS.loss),
    levelOf(now.lostThere, LIMITS.loss),
  );
  return QUALITIES[worst] ?? 'bad';
}

/** What the camera may use: bits per second, and by what its picture is scaled down. */
export interface CameraLimits {
  readonly maxBitrate: number;
  readonly scaleResolutionDownBy: number;
}

/** Milliseconds after connecting in which the camera's picture stays small. */
export const SMALL_MS = 1_000;
/** The shorter side of a small picture, in pixels. */
const SMALL_SIDE = 180;

/**
 * The same while a connection is new: its first picture is encoded and decoded sooner, leaves at once, and has few packets,
 * of which one is seldom lost.
 * @param side the shorter one of the camera's picture, in pixels; null: not known
 */
export function smallAtFirst(limits: CameraLimits, side: number | null): CameraLimits {
  const scale = side === null ? 1 : side / SMALL_SIDE;
  return { ...limits, scaleResolutionDownBy: Math.max(limits.scaleResolutionDownBy, scale) };
}

/** What the camera may use, by level. */
export function cameraLimits(quality: Quality): CameraLimits {
  switch (quality) {
    case 'good':
      return { maxBitrate: 1_700_000, scaleResolutionDownBy: 1 };
    case 'fair':
      return { maxBitrate: 900_000, scaleResolutionDownBy: 1 };
    case 'poor':
      return { maxBitrate: 350_000, scaleResolutionDownBy: 2 };
    case 'bad':
      return { maxBitrate: 120_000, scaleResolutionDownBy: 4 };
  }
}

/** The fields of statistics that are read here. */
type Entry = Readonly<Record<string, unknown>>;

const numberIn = (entry: Entry | undefined, name: string): number | null => {
  const value = entry?.[name];
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
};

/** A reading from the entries of `RTCPeerConnection.getStats()`. */
export function readingOf(entries: readonly Entry[]): Reading {
  const pairs = entries.filter((entry) => entry['type'] === 'candidate-pair');
  const pair = pairs.find((entry) => entry['nominated'] === true && entry['state'] === 'succeeded');
  const inbound = entries.filter((entry) => entry['type'] === 'inbound-rtp');
  const remote = entries.filter((entry) => entry['type'] === 'remote-inbound-rtp');
  const sum = (name: string): number => inbound.reduce((all, entry) => all + (numberIn(entry, name) ?? 0), 0);
  const there = remote.flatMap((entry) => numberIn(entry, 'fractionLost') ?? []);
  return {
    roundTrip: numberIn(pair, 'currentRoundTripTime'),
    jitter: numberIn(
      inbound.find((entry) => entry['kind'] === 'audio'),
      'jitter',
    ),
    received: sum('packetsReceived'),
    lost: sum('packetsLost'),
    lostThere: there.length === 0 ? null : Math.max(...there),
  };
}
