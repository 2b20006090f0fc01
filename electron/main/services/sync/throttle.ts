import { jitter } from '../../lib/jitter.ts';
import type { Clock, Random } from '../ports.ts';

/**
 * A wait in milliseconds that doubles with each try, up to half a minute, and is never less than half of its bound: bad
 * luck must not make a loop of it.
 * @param tries from 1. @param random in [0, 1).
 */
export function steadyWait(tries: number, random: number): number {
  return (jitter(tries, 1) + jitter(tries, random)) / 2;
}

/** Milliseconds of quiet after which the next time counts as the first again. */
const PEACE_MS = 60_000;

/**
 * Throttles something that a server can bring about: the first time at once, then after waits that double, jittered, up
 * to half a minute, however it is brought about.
 */
export class Throttle {
  readonly #clock: Clock;
  readonly #random: Random;
  #times = 0;
  #last = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock, random: Random) {
    this.#clock = clock;
    this.#random = random;
  }

  /** Milliseconds until it may be done; it counts as done then. */
  next(): number {
    const now = this.#clock.monotonic();
    if (now - this.#last > PEACE_MS) this.#times = 0;
    const wait = this.#times === 0 ? 0 : steadyWait(this.#times, this.#random());
    this.#times += 1;
    this.#last = now + wait;
    return wait;
  }
}
