/** The page's player, as far as it needs main: its memory, the tray, and the next track before it is its turn. */
import type { NowPlaying, PlayerMemory } from '#contract/ipc/music-views.ts';
import { fail, ok, type Result } from '#contract/model/errors.ts';
import { errorName } from '../../lib/emitter.ts';
import type { MediaOpener } from '../../lib/media.ts';
import { mediaUrl } from '../../lib/media-id.ts';
import type { Logger } from '../ports.ts';
import { ofAccounts, type PlayerMemoryKeeper } from './player-memory.ts';

/** A file that fills more than this part of the cache is not fetched ahead. */
const MOST_OF_CACHE = 1 / 4;
const START = '/media/'.length;

export interface PlayerOptions {
  memory: PlayerMemoryKeeper;
  isOpen(accountId: string): boolean;
  /** What stands for an open account in the addresses of media; null when it is not open. */
  tagOf(accountId: string): string | null;
  media: MediaOpener;
  /** On battery nothing is fetched before it is needed. */
  onBattery(): boolean;
  /** The most bytes of the cache. */
  cacheLimit(): Promise<number>;
  /** Shows what plays; null: nothing does. */
  show(now: NowPlaying | null): void;
  logger: Logger;
}

export function createPlayerService(options: PlayerOptions) {
  const { memory, media, logger } = options;
  let ahead: { address: string; abort: AbortController; done: Promise<void> } | null = null;

  async function fetchAhead(address: string, signal: AbortSignal): Promise<void> {
    try {
      const opened = await media.open(address.slice(START), null, signal);
      if ('problem' in opened) return;
      if (opened.size > (await options.cacheLimit()) * MOST_OF_CACHE) {
        opened.cancel();
        return;
      }
      // Reading it is what stores it.
      const pieces = opened.body[Symbol.asyncIterator]();
      while (!signal.aborted && !(await pieces.next()).done);
      await pieces.return?.();
      opened.cancel();
    } catch (error) {
      // It is fetched when it is played.
      logger.info('player.not_ahead', { error: errorName(error) });
    }
  }

  return {
    async recall(_input: Record<never, never>): Promise<Result<PlayerMemory | null>> {
      const kept = await memory.recall();
      return ok(kept && ofAccounts(kept, (accountId) => options.isOpen(accountId)));
    },
    keep({ memory: next }: { memory: PlayerMemory }): Result<null> {
      memory.keep(next);
      return ok(null);
    },
    keepPlace(place: { current: string | null; position: number }): Result<null> {
      memory.keepPlace(place);
      return ok(null);
    },
    tell({ now }: { now: NowPlaying | null }): Result<null> {
      options.show(now);
      return ok(null);
    },
    prefetch({ accountId, id }: { accountId: string; id: string }): Result<null> {
      const tag = options.tagOf(accountId);
      if (tag === null) return fail('not_signed_in', 'the account is not open');
      const address = mediaUrl('file', tag, id);
      if (address === null) return fail('not_found', 'no such file');
      if (ahead?.address === address || options.onBattery()) return ok(null);
      // What was to come next does not any more.
      ahead?.abort.abort();
      const abort = new AbortController();
      const own = { address, abort, done: Promise.resolve() };
      ahead = own;
      own.done = fetchAhead(address, abort.signal).finally(() => {
        if (ahead === own) ahead = null;
      });
      return ok(null);
    },
    /** Everything of an account goes. */
    forget: (accountId: string): Promise<void> => memory.forget(accountId),
    /** Ends what is under way and writes what has not been written. */
    async close(): Promise<void> {
      ahead?.abort.abort();
      await ahead?.done;
      await memory.close();
    },
  };
}
