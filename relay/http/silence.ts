/** Detects stalled connections. */
import { countSilence } from '#contract/model/silence.ts';

/**
 * Runs `onSilent` once, when `countSilence` finds the silence too long.
 * @returns a disposer.
 */
export function watchSilence(
  ms: number,
  moved: () => number,
  excused: () => boolean,
  onSilent: () => void,
): () => void {
  const silence = countSilence(ms, moved, excused);
  const timer = setInterval(() => {
    if (!silence.isTooLong()) return;
    clearInterval(timer);
    onSilent();
  }, silence.every);
  timer.unref();
  return () => clearInterval(timer);
}
