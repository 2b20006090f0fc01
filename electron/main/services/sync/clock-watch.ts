/** A wall clock that jumps against the one that never does: the computer slept, or somebody set the time. */
import type { Clock, Logger, Disposer } from '../ports.ts';

const EVERY_MS = 30_000;
/** Smaller differences are the clock being put right by the network's time. */
const JUMP_MS = 10_000;

/** Calls `onJump` when the two clocks have drifted apart since the last look. */
export function watchClock(clock: Clock, logger: Logger, onJump: () => void): Disposer {
  let wall = clock.now();
  let steady = clock.monotonic();
  let dispose: Disposer = () => undefined;
  const look = (): void => {
    const drift = clock.now() - wall - (clock.monotonic() - steady);
    wall = clock.now();
    steady = clock.monotonic();
    dispose = clock.after(EVERY_MS, look);
    if (Math.abs(drift) < JUMP_MS) return;
    logger.info('clock.jumped', { ms: Math.round(drift) });
    onJump();
  };
  dispose = clock.after(EVERY_MS, look);
  return () => dispose();
}
