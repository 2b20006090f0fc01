import type { Clock } from '../services/ports.ts';

/** The system's clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(ms, run) {
    // Node fires a longer timer at once instead of late.
    const timer = setTimeout(run, Math.min(Math.max(ms, 0), 2 ** 31 - 1));
    return () => clearTimeout(timer);
  },
};
