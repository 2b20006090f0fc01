/**
 * What to do when the page's process is gone: `reload` the first time, `reload_plain` (without the chat that was open)
 * the second, and from the third on within a minute `tell`: no loop. A minute without a crash starts over.
 */
export type CrashAnswer = 'reload' | 'reload_plain' | 'tell';

const WITHIN_MS = 60_000;

/** Remembers the crashes of one window. `now` in milliseconds that never jump. */
export function createCrashPolicy(): (now: number) => CrashAnswer {
  let crashes: number[] = [];
  return (now) => {
    crashes = [...crashes.filter((at) => now - at < WITHIN_MS), now];
    if (crashes.length === 1) return 'reload';
    return crashes.length === 2 ? 'reload_plain' : 'tell';
  };
}
