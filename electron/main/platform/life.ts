import { app } from 'electron';
import { errorName } from '../lib/emitter.ts';
import type { Logger } from '../services/ports.ts';

/** Milliseconds that writing down what is left may take before the program ends anyway. */
const LONGEST_QUIT_MS = 5_000;

/** Writes what nobody caught into the log. The program goes on: what must survive is on disk already. */
export function logFailures(logger: Logger): void {
  const log =
    (event: string) =>
    (error: unknown): void => {
      logger.error(event, { error: errorName(error) });
      // A message may hold what must not be logged; a developer's terminal may see it.
      if (!app.isPackaged) console.error(event, error);
    };
  process.on('uncaughtException', log('main.uncaught'));
  process.on('unhandledRejection', log('main.unhandled'));
  app.on('child-process-gone', (_event, details) => {
    logger.error('child.gone', { type: details.type, reason: details.reason, exit: details.exitCode });
  });
}

/** Ends only after `close` has written what is left, or after 5 s. */
export function quitGracefully(logger: Logger, close: () => Promise<void>): void {
  let state: 'running' | 'closing' | 'closed' = 'running';
  app.on('will-quit', (event) => {
    if (state === 'closed') return;
    event.preventDefault();
    if (state === 'closing') return;
    state = 'closing';
    const cut = setTimeout(() => {
      logger.error('app.closed_late');
      app.exit(1);
    }, LONGEST_QUIT_MS);
    close()
      .catch((error: unknown) => logger.error('app.close_failed', { error: errorName(error) }))
      .finally(() => {
        clearTimeout(cut);
        state = 'closed';
        logger.info('app.closed');
        app.exit(0);
      });
  });
}
