/**
 * What to do when the renderer process is gone: `reload` the first time, `reload_plain` (without the chat that was
 * open) the second, and from the third within a minute `tell` the user, to avoid a loop. A minute without a crash
 * starts over.
 */
export type CrashAnswer = 'reload' | 'reload_plain' | 'tell';

const WITHIN_MS = 60_000;

/** Remembers the crashes of one window. `now` is monotonic, in milliseconds. */
export function createCrashPolicy(): (now: number) => CrashAnswer {
  let crashes: number[] = [];
  return (now) => {
    crashes = [...crashes.filter((at) => now - at < WITHIN_MS), now];
    if (crashes.length === 1) return 'reload';
    return crashes.length === 2 ? 'reload_plain' : 'tell';
  };
}
