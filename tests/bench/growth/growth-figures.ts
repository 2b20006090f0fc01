/** What the times at several sizes come to. Pure. */
import type { Figure } from '../lib/report.ts';
import { median, percentile } from '../lib/stats.ts';

/** A row on a node of one size. */
export interface Sample {
  /** Milliseconds. */
  times: readonly number[];
  /** The longest time for which the node's event loop did not turn, milliseconds by the clock. */
  block: number;
  /** The longest time for which it only computed, milliseconds; the rest is a slow disk or other processes. */
  computed: number;
}

/** A factor from the smallest to the largest size at which a row no longer counts as flat. */
const FLAT = 2;
/** The longest that the loop may be held up, milliseconds. */
const LONGEST_BLOCK = 50;
/** Below this, in milliseconds, times are noise: they count as this much. */
const FLOOR_MS = 0.5;

const ms = (value: number): string => `${value >= 100 ? value.toFixed(0) : value.toFixed(2)} ms`;

/**
 * How much longer a row takes on the largest node than on the smallest, by its median.
 * @throws RangeError for fewer than two sizes, or one without a time.
 */
export function ratio(samples: readonly Pick<Sample, 'times'>[]): number {
  const [first, last] = [samples.at(0), samples.at(-1)];
  if (!first || !last || samples.length < 2) throw new RangeError('growth needs two sizes');
  return Math.max(FLOOR_MS, median(last.times)) / Math.max(FLOOR_MS, median(first.times));
}

/** The longest block of the loop on any of the nodes. @param samples by size, smallest first. */
export function blockFigure(
  name: string,
  what: string,
  samples: readonly Pick<Sample, 'block' | 'computed'>[],
): Figure {
  const worst = samples.reduce((a, b) => (b.block > a.block ? b : a));
  return {
    name: `growth.${name}.block`,
    what: `${what}: longest block of the loop`,
    value: worst.block,
    unit: 'ms',
    budget: { atMost: LONGEST_BLOCK },
    note: `at each size ${samples.map(({ block }) => ms(block)).join(', ')}; computing in the longest ${ms(worst.computed)}`,
  };
}

/** A row's growth: its ratio, with the times beside it. @param samples by size, smallest first. */
export function growthFigure(row: { name: string; what: string }, samples: readonly Pick<Sample, 'times'>[]): Figure {
  const medians = samples.map(({ times }) => ms(median(times))).join(', ');
  const slowest = samples.map(({ times }) => ms(percentile(times, 0.95))).join(', ');
  return {
    name: `growth.${row.name}`,
    what: `${row.what}: ${medians}`,
    value: ratio(samples),
    unit: 'x',
    budget: { atMost: FLAT, exclusive: true },
    note: `p95 ${slowest}`,
  };
}
