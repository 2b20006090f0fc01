import { describe, expect, it } from 'vitest';
import {
  backoffMs,
  LONGEST_WAIT_MS,
  restartWaitMs,
  SHORTEST_WAIT_MS,
} from '../../../../electron/main/services/socket/backoff.ts';

describe('the wait before another try', () => {
  it.each([
    [0, 500, 1_000],
    [1, 500, 2_000],
    [2, 500, 4_000],
    [5, 500, 30_000],
    [1000, 500, 30_000],
  ])('of try %i lies between %i and %i ms', (attempt, least, most) => {
    expect(backoffMs(attempt, () => 0)).toBe(least);
    expect(backoffMs(attempt, () => 0.999_999)).toBeLessThanOrEqual(most);
    expect(backoffMs(attempt, () => 0.999_999)).toBeGreaterThan(most * 0.99);
  });

  it('never leaves its bounds', () => {
    for (let attempt = 0; attempt < 100; attempt++) {
      const ms = backoffMs(attempt, Math.random);
      expect(ms).toBeGreaterThanOrEqual(SHORTEST_WAIT_MS);
      expect(ms).toBeLessThanOrEqual(LONGEST_WAIT_MS);
    }
  });

  it('is short after a server said that it restarts', () => {
    expect(restartWaitMs(() => 0)).toBe(200);
    expect(restartWaitMs(() => 0.999)).toBeLessThanOrEqual(1000);
  });
});
