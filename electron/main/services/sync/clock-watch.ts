/** Detects a wall clock that jumps against the monotonic clock: the computer slept, or the time was set. */
import type { Clock, Logger, Disposer } from '../ports.ts';

const EVERY_MS = 30_000;
/** Smaller differences are corrections by network time. */
const JUMP_MS = 10_000;

/** Calls `onJump` when the two clocks have drifted apart since the last check. */
export function watchClock(clock: Clock, logger: Logger, onJump: () => void): Disposer {
  let wall = clock.now();
  let steady = clock.monotonic();
  let dispose: Disposer = () => undefined;
  const check = (): void => {
    const drift = clock.now() - wall - (clock.monotonic() - steady);
    wall = clock.now();
    steady = clock.monotonic();
    dispose = clock.after(EVERY_MS, check);
    if (Math.abs(drift) < JUMP_MS) return;
    logger.info('clock.jumped', { ms: Math.round(drift) });
    onJump();
  };
  dispose = clock.after(EVERY_MS, check);
  return () => dispose();
}
