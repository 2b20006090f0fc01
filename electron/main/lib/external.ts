import { fail, ok, type Result } from '#contract/model/errors.ts';
import { externalUrl } from './external-url.ts';
import type { Clock, Logger } from '../services/ports.ts';

/** More than a person clicks: stops a page that opens windows by itself. */
const MOST_IN_WINDOW = 5;
const WINDOW_MS = 10_000;

/** The one way out to other programs. `denied` for every address that is not harmless. */
export type OpenExternal = (url: string) => Promise<Result<null>>;

/** @param open passes an address that passed every check to the system. */
export function createExternalOpener(open: (url: string) => Promise<void>, clock: Clock, logger: Logger): OpenExternal {
  let opened: number[] = [];
  return async (text) => {
    const url = externalUrl(text);
    if (url === null) {
      logger.warn('external.denied', { chars: text.length });
      return fail('denied', 'not an address that may be opened');
    }
    const now = clock.monotonic();
    opened = opened.filter((at) => now - at < WINDOW_MS);
    if (opened.length >= MOST_IN_WINDOW) {
      logger.warn('external.too_many');
      return fail('rate_limited', 'too many addresses at once', { retryAfterMs: WINDOW_MS });
    }
    opened.push(now);
    try {
      await open(url);
      return ok(null);
    } catch (error) {
      logger.warn('external.failed', { error: error instanceof Error ? error.name : typeof error });
      return fail('internal', 'the system did not open it');
    }
  };
}
