/** How much of a track was really heard: enough of it counts as played, once. Pure. */

/** Seconds after which a long track counts. */
const ENOUGH_SECONDS = 240;
/** A larger step between two positions is a seek. */
const MOST_STEP = 2;

export interface Heard {
  /** Another track, or the same one from its begin. @param duration seconds */
  begin(duration: number): void;
  /** Where it plays now, in seconds. True when half of it or four minutes have just been reached. */
  at(position: number): boolean;
}

/** Counts what is heard of one track after another. */
export function createHeard(): Heard {
  let duration = 0;
  let heard = 0;
  let last: number | null = null;
  let counted = false;
  return {
    begin(seconds) {
      duration = seconds;
      heard = 0;
      last = null;
      counted = false;
    },
    at(position) {
      const step = last === null ? 0 : position - last;
      last = position;
      if (step > 0 && step <= MOST_STEP) heard += step;
      if (counted || duration <= 0 || heard < Math.min(duration / 2, ENOUGH_SECONDS)) return false;
      counted = true;
      return true;
    },
  };
}
