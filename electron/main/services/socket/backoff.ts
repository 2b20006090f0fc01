/**
 * How long to wait before another try: anywhere between the shortest wait and a bound that doubles (full jitter), so
 * that a thousand clients of a failed server do not return at the same moment.
 */
import type { Random } from '../ports.ts';

export const SHORTEST_WAIT_MS = 500;
export const LONGEST_WAIT_MS = 30_000;

/** Milliseconds before try number `attempt`; the first is 0. */
export function backoffMs(attempt: number, random: Random): number {
  const bound = Math.min(LONGEST_WAIT_MS, SHORTEST_WAIT_MS * 2 ** Math.min(attempt + 1, 20));
  return Math.round(SHORTEST_WAIT_MS + random() * (bound - SHORTEST_WAIT_MS));
}

/** Milliseconds before reconnecting to a server that announced a restart. */
export function restartWaitMs(random: Random): number {
  return Math.round(200 + random() * 800);
}
