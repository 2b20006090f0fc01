import type { Snapshot } from '#contract/ipc/views.ts';
import { ok, type Result } from '#contract/model/errors.ts';
import type { Handlers } from '../answer.ts';
import type { WindowRole } from '../../lib/roles.ts';

export interface AppHandlerParts {
  /** The snapshot for a page that starts, which receives pushes from then on. */
  ready(role: WindowRole): Promise<Snapshot>;
  /** The page has painted its first screen. */
  shown(): void;
  /** Opens an external address if it is one of the harmless kinds. */
  openExternal(url: string): Promise<Result<null>>;
  copyText(text: string): Promise<void>;
  /** Retry now, instead of at the end of the backoff. */
  tryNow(): void;
}

/** The page's commands to the app itself. */
export function createAppHandlers(parts: AppHandlerParts): Pick<Handlers, Extract<keyof Handlers, `app.${string}`>> {
  return {
    'app.ready': async (_input, caller) => ok(await parts.ready(caller)),
    'app.shown': async () => {
      parts.shown();
      return ok(null);
    },
    'app.openExternal': ({ url }) => parts.openExternal(url),
    'app.copyText': async ({ text }) => {
      await parts.copyText(text);
      return ok(null);
    },
    'app.tryNow': async () => {
      parts.tryNow();
      return ok(null);
    },
  };
}
