import { renameSync } from 'node:fs';
import { ipcMain } from 'electron';
import Store from 'electron-store';
import { fail, ok } from '#contract/model/errors.ts';
import { diskProblem } from '../lib/disk-problem.ts';
import type { JsonDocument, Logger } from '../services/ports.ts';

/** Only the owner may read what the app stores. */
const OWNER_ONLY = 0o600;

/**
 * A JSON document `<name>.json` in the user data folder, written as a whole or not at all. A file that is not valid
 * JSON is quarantined under another name, never deleted.
 */
export function openDocument(name: string, logger: Logger): JsonDocument {
  const store = new Store<Record<string, unknown>>({
    name,
    configFileMode: OWNER_ONLY,
    accessPropertiesByDotNotation: false,
    clearInvalidConfig: false,
  });
  // The library offers its folder to any page that asks; none of our pages does.
  ipcMain.removeAllListeners('electron-store-get-data');

  function quarantine(): void {
    const quarantined = `${store.path}.${String(Date.now())}.broken`;
    try {
      renameSync(store.path, quarantined);
    } catch (error) {
      logger.error('document.not_set_aside', { name, code: codeOf(error) });
    }
  }

  return {
    read() {
      try {
        return { ...store.store };
      } catch (error) {
        logger.error('document.unreadable', { name, code: codeOf(error) });
        if (error instanceof SyntaxError) quarantine();
        return {};
      }
    },
    write(value) {
      try {
        store.store = value;
        return ok(null);
      } catch (error) {
        logger.error('document.not_written', { name, code: codeOf(error) });
        return fail(diskProblem(codeOf(error)), codeOf(error));
      }
    },
  };
}

function codeOf(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  return error instanceof Error ? error.name : typeof error;
}
