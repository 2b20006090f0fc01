import { expect, test } from 'vitest';
import { visibleRange } from '../../../../renderer/src/ui/virtual-range.ts';

test.each([
  { scrollTop: 0, count: 1000, want: [0, 16] },
  { scrollTop: 640, count: 1000, want: [4, 26] },
  { scrollTop: 63_360, count: 1000, want: [984, 1000] },
  { scrollTop: 999_999, count: 10, want: [10, 10] },
  { scrollTop: -50, count: 3, want: [0, 3] },
  { scrollTop: 0, count: 0, want: [0, 0] },
])('rows at $scrollTop of $count', ({ scrollTop, count, want }) => {
  const { start, end } = visibleRange({ scrollTop, viewport: 640, rowHeight: 64, count, overscan: 6 });
  expect([start, end]).toEqual(want);
});
