/** Which rows of a list with equal row heights must be rendered. Pure. */

export interface RowRange {
  /** The first row, and the one after the last. */
  start: number;
  end: number;
}

/**
 * The rows within the viewport and `overscan` rows on both sides. Lengths in the same unit; a height of 0 (not measured
 * yet) shows the first rows.
 */
export function visibleRange(input: {
  scrollTop: number;
  viewport: number;
  rowHeight: number;
  count: number;
  overscan: number;
}): RowRange {
  const { scrollTop, viewport, rowHeight, count, overscan } = input;
  if (rowHeight <= 0) return { start: 0, end: Math.min(count, overscan * 2) };
  const first = Math.floor(Math.max(0, scrollTop) / rowHeight);
  const last = Math.ceil((Math.max(0, scrollTop) + viewport) / rowHeight);
  const start = Math.max(0, Math.min(first - overscan, count));
  return { start, end: Math.max(start, Math.min(count, last + overscan)) };
}
