/** How many messages of the other side are looked at: a flood must not start a download with each of them. Pure. */

/** At once, and per second after that. */
const BURST = 40;
const PER_SECOND = 6;

export interface Budget {
  readonly left: number;
  /** Milliseconds. */
  readonly at: number;
}

export const FULL_BUDGET: Budget = { left: BURST, at: 0 };

/** The budget after one more message at this time; null when it has to be passed over. */
export function spend(budget: Budget, now: number): Budget | null {
  const left = Math.min(BURST, budget.left + (Math.max(0, now - budget.at) / 1000) * PER_SECOND);
  return left < 1 ? null : { left: left - 1, at: now };
}
