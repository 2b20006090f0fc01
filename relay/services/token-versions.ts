/**
 * The current token versions of users, in memory: every frame and every heartbeat asks for one. A version that is about
 * to change is read from storage until the change is committed or refused, so a token ends with the commit.
 */
import type { Bus } from '../delivery/ports.ts';
import type { UserRow } from '../records.ts';

export interface TokenVersionsOptions {
  find: (userId: string) => Promise<UserRow | null>;
  bus: Pick<Bus, 'invalidate' | 'onInvalidate'>;
  /** Versions to remember; the oldest is dropped first. */
  most?: number;
}

export interface TokenVersions {
  /** The user as stored, whose version is remembered; null if there is none. */
  load(userId: string): Promise<UserRow | null>;
  /** The user's version, from memory if it is known; null if there is no such user. */
  current(userId: string): Promise<number | null>;
  /** Runs a write that may change the user's version, and tells all nodes when it is committed. */
  change<T>(userId: string, write: () => Promise<T>): Promise<T>;
}

export function createTokenVersions({ find, bus, most = 100_000 }: TokenVersionsOptions): TokenVersions {
  const versions = new Map<string, number>();
  const changing = new Map<string, number>();
  // Counts invalidations: a row read before one may be outdated, and is not remembered.
  let generation = 0;

  function forget(userId: string): void {
    generation += 1;
    versions.delete(userId);
  }
  bus.onInvalidate(forget);

  function remember(userId: string, version: number): void {
    versions.delete(userId);
    versions.set(userId, version);
    const oldest = versions.keys().next();
    if (versions.size > most && !oldest.done) versions.delete(oldest.value);
  }

  async function load(userId: string): Promise<UserRow | null> {
    const began = generation;
    const user = await find(userId);
    if (user && began === generation && !changing.has(userId)) remember(userId, user.tokenVersion);
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
