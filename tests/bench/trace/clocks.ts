/** How far the clock of another process is from the bench's own, as far as questions and answers can tell. */
import { epochNow } from '../lib/app.ts';

/** The other's clock was read somewhere between two looks at ours. Milliseconds since the epoch. */
export interface Reading {
  before: number;
  other: number;
  after: number;
}

export type ClockOffset = { ok: true; ahead: number; uncertain: number } | { ok: false; reason: string };

const READINGS = 30;

/** Reads another clock often enough to meet some quick answers. */
export async function readClock(ask: () => Promise<number>): Promise<Reading[]> {
  const readings: Reading[] = [];
  for (let n = 0; n < READINGS; n += 1) {
    const before = epochNow();
    const other = await ask();
    readings.push({ before, other, after: epochNow() });
  }
  return readings;
}

/**
 * How many milliseconds the other clock goes ahead, at least: zero unless the readings rule that out. `uncertain` is the
 * width of what they leave open. Refused when no single offset explains them all, as after a clock was set.
 */
export function clockOffset(readings: readonly Reading[]): ClockOffset {
  const least = Math.max(...readings.map(({ other, after }) => other - after));
  const most = Math.min(...readings.map(({ other, before }) => other - before));
  if (least > most)
    return { ok: false, reason: `two clocks drifted apart by ${(least - most).toFixed(2)} ms meanwhile` };
  return { ok: true, ahead: Math.min(Math.max(0, least), most), uncertain: most - least };
}
