/**
 * Rate limits for password guesses.
 *
 * A guess counts for its account at its address, for its address over all accounts, and for its account over all
 * addresses. That slows down guessing from a single address, across many usernames, and from many addresses. A place
 * (account and address) with a recent sign-in counts for itself alone, so neither remote attackers nor neighbours
 * behind the same address can lock the owner out.
 */
import { tooMany } from './budgets.ts';
import type { KnownPlaces, RateLimiter } from './ports.ts';

export interface LogInsOptions {
  /** Failures per account and address, per address over all accounts, per account over all addresses. */
  failures: RateLimiter;
  addressFailures: RateLimiter;
  accountFailures: RateLimiter;
  places: KnownPlaces;
}

/** A guess that was let through; counted as wrong until proven right. */
export interface Guess {
  /** The fair-queue lane to hash it in. */
  lane: string;
  /** The password was correct. */
  right(): Promise<void>;
  /** The check never took place. */
  undo(): Promise<void>;
}

export type LogIns = ReturnType<typeof createLogIns>;

export function createLogIns({ failures, addressFailures, accountFailures, places }: LogInsOptions) {
  const placeOf = (account: string, address: string): string => `${address} ${account}`;

  return {
    /** The account signed in from that address. @param account its id. */
    seen: (account: string, address: string): Promise<void> => places.remember(placeOf(account, address)),

    /**
     * Counts a guess before it is checked.
     * @param account its id, or the name that was tried if no account has it.
     * @throws RelayError `rate_limited`
     */
    async begin(account: string, address: string): Promise<Guess> {
      const place = placeOf(account, address);
      const isKnown = await places.has(place);
      const counts: [RateLimiter, string][] = isKnown
        ? [[failures, place]]
        : [
            [addressFailures, address],
            [accountFailures, account],
            [failures, place],
          ];
      const counted: [RateLimiter, string][] = [];
      const undo = async (): Promise<void> => {
        for (const [limiter, key] of counted.splice(0)) await limiter.giveBack(key);
      };
      for (const [limiter, key] of counts) {
        const wait = await limiter.take(key);
        if (wait > 0) {
          await undo();
          throw tooMany('Too many attempts: wait a while.', wait);
        }
        counted.push([limiter, key]);
      }
      return {
        lane: isKnown ? place : address,
        async right() {
          await undo();
          await failures.forgive(place);
          await places.remember(place);
        },
        undo,
      };
    },
  };
}
