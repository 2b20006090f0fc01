/**
 * Who may guess at a password, and how often.
 *
 * A guess counts for its account at its address, for its address over all accounts, and for its account over all addresses: one
 * who guesses from one place, one who walks through names, and one with many addresses are each slowed. A place
 * from which the account was signed in lately counts for itself alone. So nobody elsewhere, and no neighbour behind the same
 * address, can shut its owner out.
 */
import type { RateLimiter } from './rate-limiter.ts';
import { tooMany } from './budgets.ts';

export interface LogInsOptions {
  /** Failures per account and address, per address over all accounts, per account over all addresses. */
  failures: RateLimiter;
  addressFailures: RateLimiter;
  accountFailures: RateLimiter;
}

/** A guess that was let through, and counted as a wrong one until it is known better. */
export interface Guess {
  /** Whose turn it takes to be hashed. */
  lane: string;
  /** It was right. */
  right(): void;
  /** Nothing was guessed. */
  undo(): void;
}

export type LogIns = ReturnType<typeof createLogIns>;

/** Known places kept; the one that was unused longest is forgotten first. */
const MAX_PLACES = 20_000;

export function createLogIns({ failures, addressFailures, accountFailures }: LogInsOptions) {
  const places = new Set<string>();
  const placeOf = (account: string, address: string): string => `${address} ${account}`;

  function remember(place: string): void {
    // Deleting first moves it to the end: the set's order is the order of last use.
    places.delete(place);
    places.add(place);
    const [oldest] = places;
    if (places.size > MAX_PLACES && oldest !== undefined) places.delete(oldest);
  }

  return {
    /** The account was signed in at that address. @param account its id. */
    seen: (account: string, address: string): void => remember(placeOf(account, address)),

    /**
     * Counts a guess before it is tried.
     * @param account its id, or the name that was tried where nobody has it.
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
        for (const [attempts, key] of counted) attempts.giveBack(key);
      };
      for (const [attempts, key] of counts) {
        const wait = attempts.take(key);
        if (wait > 0) {
          undo();
          throw tooMany('Too many attempts: wait a while.', wait);
        }
        counted.push([attempts, key]);
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
