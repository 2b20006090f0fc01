/** What a row of measurements comes to. All functions leave their argument as it was. */

/** The value below which `share` (0 to 1) of the samples lie, by the nearest rank: always one that was measured. */
export function percentile(samples: readonly number[], share: number): number {
  if (samples.length === 0) throw new RangeError('no samples');
  if (!(share >= 0 && share <= 1)) throw new RangeError(`a share is between 0 and 1, not ${share}`);
  const sorted = [...samples].sort((a, b) => a - b);
  const rank = Math.max(1, Math.ceil(share * sorted.length));
  return sorted[rank - 1] ?? Number.NaN;
}

/** The middle value; between the two middle ones of an even number. */
export function median(samples: readonly number[]): number {
  if (samples.length === 0) throw new RangeError('no samples');
  const sorted = [...samples].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  const upper = sorted[half] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[half - 1] ?? Number.NaN) + upper) / 2;
}

/** A distribution in the few numbers that reports show. */
export interface Summary {
  n: number;
  min: number;
  p50: number;
  p95: number;
  p99: number;
  max: number;
  mean: number;
}

/** Sums up samples, rounded to a thousandth so that files stay readable. */
export function summarize(samples: readonly number[]): Summary {
  const round = (value: number): number => Math.round(value * 1000) / 1000;
  return {
    n: samples.length,
    min: round(percentile(samples, 0)),
    p50: round(percentile(samples, 0.5)),
    p95: round(percentile(samples, 0.95)),
    p99: round(percentile(samples, 0.99)),
    max: round(percentile(samples, 1)),
    mean: round(samples.reduce((sum, value) => sum + value, 0) / samples.length),
  };
}
