/** Runs a task for the last of many requests. */
export interface LastOfMany {
  /** Runs it when no other request has come for a while. */
  soon(): void;
  /** Runs it now, if it is still to be run. */
  now(): void;
}

/** @param ms milliseconds without another request. */
export function lastOfMany(ms: number, run: () => void): LastOfMany {
  let timer: ReturnType<typeof setTimeout> | null = null;
  function now(): void {
    if (timer === null) return;
    clearTimeout(timer);
    timer = null;
    run();
  }
  return {
    soon() {
      if (timer !== null) clearTimeout(timer);
      timer = setTimeout(now, ms);
    },
    now,
  };
}
