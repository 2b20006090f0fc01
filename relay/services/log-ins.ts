/**
 * Rate limits for password guesses.
 *
 * A guess counts for its account at its address, for its address over all accounts, and for its account over all
 * addresses. That slows down guessing from a single address, across many usernames, and from many addresses. A place
 * (account and address) with a recent sign-in counts for itself alone, so neither remote attackers nor neighbours
 * behind the same address can lock the owner out.
 */
import type { RateLimiter } from './rate-limiter.ts';
import { tooMany } from './budgets.ts';

export interface LogInsOptions {
  /** Failures per account and address, per address over all accounts, per account over all addresses. */
  failures: RateLimiter;
  addressFailures: RateLimiter;
  accountFailures: RateLimiter;
}

/** A guess that was let through; counted as wrong until proven right. */
export interface Guess {
  /** The fair-queue lane to hash it in. */
  lane: string;
  /** The password was correct. */
  right(): void;
  /** The check never took place. */
  undo(): void;
}

export type LogIns = ReturnType<typeof createLogIns>;

/** Known places to keep; the least recently used is evicted first. */
const MAX_PLACES = 20_000;

export function createLogIns({ failures, addressFailures, accountFailures }: LogInsOptions) {
  const places = new Set<string>();
  const placeOf = (account: string, address: string): string => `${address} ${account}`;

  function remember(place: string): void {
    // Deleting first moves it to the end: the set is in order of last use.
    places.delete(place);
    places.add(place);
    const [oldest] = places;
    if (places.size > MAX_PLACES && oldest !== undefined) places.delete(oldest);
  }

  return {
    /** The account signed in from that address. @param account its id. */
    seen: (account: string, address: string): void => remember(placeOf(account, address)),

    /**
     * Counts a guess before it is checked.
     * @param account its id, or the name that was tried if no account has it.
     * @throws RelayError `rate_limited`
     */
    begin(account: string, address: string): Guess {
      const place = placeOf(account, address);
      const isKnown = places.has(place);
      const counts: [RateLimiter, string][] = isKnown
        ? [[failures, place]]
        : [
            [addressFailures, address],
            [accountFailures, account],
            [failures, place],
          ];
      const counted: [RateLimiter, string][] = [];
      const undo = (): void => {
        for (const [limiter, key] of counted) limiter.giveBack(key);
      };
      for (const [limiter, key] of counts) {
        const wait = limiter.take(key);
        if (wait > 0) {
          undo();
          throw tooMany('Too many attempts: wait a while.', wait);
        }
        counted.push([limiter, key]);
      }
      return {
        lane: isKnown ? place : address,
        right() {
          undo();
          failures.forgive(place);
          remember(place);
        },
        undo,
      };
    },
  };
}
