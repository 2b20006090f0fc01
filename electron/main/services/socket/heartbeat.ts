/**
 * Detects a connection that died silently.
 *
 * Two states: `quiet` (something arrived; a ping is sent after 15 s) and `asked` (a ping was sent; something must
 * arrive within 5 s, which is 20 s after the last sign of life). Anything that arrives leads back to `quiet`.
 */
import type { Clock, Disposer } from '../ports.ts';

const PING_EVERY_MS = 15_000;
const DEAD_AFTER_MS = 20_000;

export interface Heartbeat {
  /** Something arrived from the other side. */
  heard(): void;
  /** Pings at once, for example after the computer slept. */
  ask(): void;
  stop(): void;
}

/** Starts watching. `ping` sends a ping; `dead` is called once, when nothing answered. */
export function startHeartbeat(clock: Clock, ping: () => void, dead: () => void): Heartbeat {
  let asked = false;
  let stopped = false;
  let lastHeard = clock.monotonic();
  let dispose: Disposer = clock.after(PING_EVERY_MS, due);

  function ask(): void {
    if (stopped || asked) return;
    asked = true;
    dispose();
    dispose = clock.after(DEAD_AFTER_MS - PING_EVERY_MS, () => {
      stopped = true;
      dead();
    });
    ping();
  }

  /** The timer is not reset at every frame: when it fires, it checks whether something arrived meanwhile. */
  function due(): void {
    const quietFor = clock.monotonic() - lastHeard;
    if (quietFor >= PING_EVERY_MS - 50) ask();
    else dispose = clock.after(PING_EVERY_MS - quietFor, due);
  }

  return {
    heard() {
      lastHeard = clock.monotonic();
      if (stopped || !asked) return;
      asked = false;
      dispose();
      dispose = clock.after(PING_EVERY_MS, due);
    },
    ask,
    stop() {
      stopped = true;
      dispose();
    },
  };
}
