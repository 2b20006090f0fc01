/** What is kept of media on this computer, over all accounts: how much there is, and how much there may be. */
import type { StorageView } from '#contract/ipc/music-views.ts';
import { ok, type Result } from '#contract/model/errors.ts';
import type { JsonDocument } from '../ports.ts';
import type { MediaCache } from './media-cache.ts';

/** As sizes are shown: in steps of 1,000. */
const MB = 1_000_000;
/** Bytes: the least and the most that may be chosen, and what holds until somebody chooses. */
export const CACHE_LIMITS = { least: 64 * MB, most: 256_000 * MB, usual: 1000 * MB } as const;

/** The name in the settings' file. */
const NAME = 'cacheBytes';

/** The limit that was chosen; the usual one when none was, or none that makes sense. */
export function storedCacheLimit(document: JsonDocument): number {
  const stored = document.read()[NAME];
  if (typeof stored !== 'number' || !Number.isInteger(stored)) return CACHE_LIMITS.usual;
  return Math.min(Math.max(stored, CACHE_LIMITS.least), CACHE_LIMITS.most);
}

export function createStorageService(cache: Pick<MediaCache, 'usage' | 'clear' | 'setLimit'>, document: JsonDocument) {
  async function view(): Promise<Result<StorageView>> {
    const { used, limit } = await cache.usage();
    return ok({ used, limit, least: CACHE_LIMITS.least, most: CACHE_LIMITS.most });
  }
  return {
    read: (_input: Record<never, never>) => view(),
    async clear(_input: Record<never, never>): Promise<Result<StorageView>> {
      await cache.clear();
      return view();
    },
    /** What lies outside what may be chosen becomes the nearest that may. `storage_failed`: it holds until the app ends. */
    async setLimit(input: { limit: number }): Promise<Result<StorageView>> {
      const limit = Math.min(Math.max(input.limit, CACHE_LIMITS.least), CACHE_LIMITS.most);
      await cache.setLimit(limit);
      const written = document.write({ ...document.read(), [NAME]: limit });
      return written.ok ? view() : written;
    },
  };
}
