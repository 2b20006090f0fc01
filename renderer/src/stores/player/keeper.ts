/** Keeps the player over restarts: all of it soon after a change and when the window closes, its place every few seconds. */
import type { PlayerMemory } from '#contract/ipc/music-views.ts';
import { ask } from '../bridge-call.ts';

/** Milliseconds: a drag through the queue or the volume is kept once. */
const SOON_MS = 800;
const PLACE_MS = 5000;

export interface Keeper {
  /** Something changed: everything is kept soon. */
  soon(): void;
  /** The place alone; at most every few seconds unless `now`. */
  place(now?: boolean): void;
  /** What waits is not kept any more. */
  stop(): void;
}

/** @param read the player as it is now. */
export function createKeeper(read: () => PlayerMemory): Keeper {
  let timer: ReturnType<typeof setTimeout> | null = null;
  let placedAt = 0;

  function all(): void {
    timer = null;
    // Main logs a failure; the next change tries again.
    void ask((bridge) => bridge.player.keep({ memory: read() }));
  }

  function place(now = false): void {
    const time = Date.now();
    if (!now && time - placedAt < PLACE_MS) return;
    const { current, position } = read();
    // An empty player has no place, and may not have been told yet what main remembers.
    if (current === null) return;
    placedAt = time;
    void ask((bridge) => bridge.player.keepPlace({ current, position }));
  }

  /** The window is closing: what waits is kept at once. */
  function leave(): void {
    place(true);
    if (timer === null) return;
    clearTimeout(timer);
    all();
  }
  window.addEventListener('pagehide', leave);

  return {
    soon: () => void (timer ??= setTimeout(all, SOON_MS)),
    place,
    stop() {
      window.removeEventListener('pagehide', leave);
      if (timer !== null) clearTimeout(timer);
      timer = null;
    },
  };
}
