/** Ends transfers on which nothing moves any more. */
import { countSilence } from '#contract/model/silence.ts';
import type { Clock, Disposer } from '../ports.ts';

/** Calls `onSilent` once, when `countSilence` finds the silence too long. */
export function watchSilence(
  clock: Pick<Clock, 'after'>,
  ms: number,
  moved: () => number,
  excused: () => boolean,
  onSilent: () => void,
): Disposer {
  const silence = countSilence(ms, moved, excused);
  let dispose: Disposer = () => undefined;
  const check = (): void => {
    if (silence.isTooLong()) onSilent();
    else dispose = clock.after(silence.every, check);
  };
  dispose = clock.after(silence.every, check);
  return () => dispose();
}
