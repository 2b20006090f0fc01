/**
 * The current token versions of users, in memory: every frame and every heartbeat asks for one. A version that is about
 * to change is read from storage until the change is committed or refused, so a token ends with the commit.
 *
 * Users themselves are remembered for a moment: who sends a lot would be read anew with every request.
 */
import type { Bus } from '../delivery/ports.ts';
import type { UserRow } from '../records.ts';

export interface TokenVersionsOptions {
  find: (userId: string) => Promise<UserRow | null>;
  bus: Pick<Bus, 'invalidate' | 'onInvalidate'>;
  /** Versions to remember; the oldest is dropped first. */
  most?: number;
  /** Milliseconds on a clock that never goes back. */
  now?: () => number;
}

/** Milliseconds for which a user is remembered: no longer, since another node may be late to tell of a change. */
const RECENT_MS = 1000;
/** Users remembered at a time; the oldest is dropped first. */
const MAX_RECENT = 1000;

export interface TokenVersions {
  /**
   * The user as stored, or as read within the last second unless they have changed since; null if there is none. The
   * version is remembered.
   */
  load(userId: string): Promise<UserRow | null>;
  /** The user's version, from memory if it is known; null if there is no such user. */
  current(userId: string): Promise<number | null>;
  /** Runs a write that may change the user or their version, and tells all nodes when it is committed. */
  change<T>(userId: string, write: () => Promise<T>): Promise<T>;
}

/** Keeps an entry as the newest one of so many. */
function keepNewest<T>(entries: Map<string, T>, key: string, value: T, most: number): void {
  entries.delete(key);
  entries.set(key, value);
  const oldest = entries.keys().next();
  if (entries.size > most && !oldest.done) entries.delete(oldest.value);
}

export function createTokenVersions(options: TokenVersionsOptions): TokenVersions {
  const { find, bus, most = 100_000, now = () => performance.now() } = options;
  const versions = new Map<string, number>();
  const recent = new Map<string, { user: UserRow; at: number }>();
  const changing = new Map<string, number>();
  // Counts invalidations: a row read before one may be outdated, and is not remembered.
  let generation = 0;

  function forget(userId: string): void {
    generation += 1;
    versions.delete(userId);
    recent.delete(userId);
  }
  bus.onInvalidate(forget);

  async function load(userId: string): Promise<UserRow | null> {
    const known = recent.get(userId);
    if (known && now() - known.at < RECENT_MS) return known.user;
    const [began, at] = [generation, now()];
    const user = await find(userId);
    if (user && began === generation && !changing.has(userId)) {
      keepNewest(versions, userId, user.tokenVersion, most);
      keepNewest(recent, userId, { user, at }, MAX_RECENT);
    }
    return user;
  }

  return {
    load,
    async current(userId) {
      return versions.get(userId) ?? (await load(userId))?.tokenVersion ?? null;
    },
    async change(userId, write) {
      changing.set(userId, (changing.get(userId) ?? 0) + 1);
      forget(userId);
      try {
        return await write();
      } finally {
        const others = (changing.get(userId) ?? 1) - 1;
        if (others > 0) changing.set(userId, others);
        else changing.delete(userId);
        bus.invalidate(userId);
      }
    },
  };
}
