/** Peaks are bytes in the database and fractions everywhere else, with as many digits as a byte is worth. */

export function toPeaks(encoded: string | null): number[] | null {
  if (encoded === null) return null;
  return [...Buffer.from(encoded, 'base64')].map((byte) => Math.round((byte / 255) * 1000) / 1000);
}

export function fromPeaks(peaks: readonly number[] | null): string | null {
  return peaks === null ? null : Buffer.from(peaks.map((peak) => Math.round(peak * 255))).toString('base64');
}
