import type { Clock } from '../ports.ts';

/** Milliseconds that a user who looks at the screen waits for the system's key store. */
export const PATIENCE_MS = 1_000;

/** The work's value, or null if it takes longer than `PATIENCE_MS`. The work continues. */
export async function withPatience<T>(clock: Clock, work: Promise<T>): Promise<{ value: T } | null> {
  const late = Promise.withResolvers<null>();
  const dispose = clock.after(PATIENCE_MS, () => late.resolve(null));
  try {
    return await Promise.race([work.then((value) => ({ value })), late.promise]);
  } finally {
    dispose();
  }
}
