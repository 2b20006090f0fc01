import { autoUpdater } from 'electron';
import { type AppUpdater, MacUpdater } from 'electron-updater';
import type { AppAdapter } from 'electron-updater/out/AppAdapter.js';

/** The updater of macOS: it fetches, and hands over to the system's own. */
export function createMacUpdater(adapter: AppAdapter): AppUpdater {
  return new MacUpdater(undefined, adapter);
}

/**
 * Settles when the system has taken a version, or refused it, most often for its signature: the library says that it is
 * downloaded before that. Listen before the download begins.
 */
export function takenBySystem(): { taken: Promise<void>; ignore: () => void } {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const taken = (): void => resolve();
  autoUpdater.once('update-downloaded', taken);
  autoUpdater.once('error', reject);
  // It is waited for only if the download succeeds, which it does not if the system refused.
  promise.catch(() => undefined);
  return {
    taken: promise,
    ignore() {
      autoUpdater.off('update-downloaded', taken);
      autoUpdater.off('error', reject);
    },
  };
}
