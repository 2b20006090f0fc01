import { app } from 'electron';
import { errorName } from '../lib/emitter.ts';
import type { Logger } from '../services/ports.ts';

/** Milliseconds that the final writes may take before the app exits anyway. */
const LONGEST_QUIT_MS = 5_000;

/** Logs uncaught errors. The app continues: what must survive is already on disk. */
export function logFailures(logger: Logger): void {
  const log =
    (event: string) =>
    (error: unknown): void => {
      logger.error(event, { error: errorName(error) });
      // A message may contain what must not be logged; a developer's terminal may show it.
      if (!app.isPackaged) console.error(event, error);
    };
  process.on('uncaughtException', log('main.uncaught'));
  process.on('unhandledRejection', log('main.unhandled'));
  app.on('child-process-gone', (_event, details) => {
    logger.error('child.gone', { type: details.type, reason: details.reason, exit: details.exitCode });
  });
}

/**
 * Quits only after `close` has written what is left, or after 5 s. `last` runs at the very end, and only if everything
 * was written in time.
 */
export function quitGracefully(logger: Logger, close: () => Promise<void>, last: () => void): void {
  let state: 'running' | 'closing' | 'closed' = 'running';
  app.on('will-quit', (event) => {
    if (state === 'closed') return;
    event.preventDefault();
    if (state === 'closing') return;
    state = 'closing';
    const timeout = setTimeout(() => {
      logger.error('app.closed_late');
      app.exit(1);
    }, LONGEST_QUIT_MS);
    close()
      .then(last)
      .catch((error: unknown) => logger.error('app.close_failed', { error: errorName(error) }))
      .finally(() => {
        clearTimeout(timeout);
        state = 'closed';
        logger.info('app.closed');
        app.exit(0);
      });
  });
}
