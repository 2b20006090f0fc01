/**
 * Updates by electron-updater, which is loaded when the first check is due: a start does not pay for it. It is given
 * our own way into the network (updater-http.ts), downloads nothing by itself and installs nothing by itself.
 */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { App } from 'electron';
import type { AppUpdater } from 'electron-updater';
import type { AppAdapter } from 'electron-updater/out/AppAdapter.js';
import { errorName } from '../lib/emitter.ts';
import { LARGEST_UPDATE, logWords } from '../lib/update-address.ts';
import { updateProblem } from '../lib/update-problem.ts';
import type { Logger, UpdateOutcome, UpdateSource } from '../services/ports.ts';
import { feedFile, feedOf, installationOff, type UpdateFeed } from './updater-feed.ts';

export interface UpdaterParts {
  app: Pick<
    App,
    'getVersion' | 'getName' | 'getPath' | 'isPackaged' | 'whenReady' | 'quit' | 'on' | 'releaseSingleInstanceLock'
  >;
  platform: NodeJS.Platform;
  env: NodeJS.ProcessEnv;
  /** The package's folder of resources. */
  resources: string;
  logger: Logger;
  /** The user restarts: windows must let themselves be closed. */
  leaving: () => void;
  /** Where versions are kept until they are installed; the library's own place if it is not named. */
  cache?: string;
  /** Milliseconds without a byte after which nothing more is expected. */
  silenceMs?: number;
}

/** The library, once it is loaded. */
interface Loaded {
  updater: AppUpdater;
  /** Ends what it asks of the network. */
  abort: () => void;
  /** Deletes what was fetched and is of no use any more, such as the installer of the version that runs. */
  tidy: () => Promise<void>;
  /** Fetches and verifies what the last check found. */
  download: (signal: AbortSignal) => Promise<void>;
  install: (restart: boolean) => void;
}

/** Creates it. Nothing is read before `off`, and nothing loaded before `check`. */
export function createUpdater(parts: UpdaterParts): UpdateSource {
  const { app, platform, env, resources, logger } = parts;
  let feed: Promise<UpdateFeed> | null = null;
  let loading: Promise<Loaded> | null = null;
  let loaded: Loaded | null = null;
  let systemEnds = false;
  if (platform === 'win32') {
    // The system ends an installer that it finds at work, and leaves half a program.
    app.on('browser-window-created', (_event, window) => {
      window.on('query-session-end', () => (systemEnds = true));
      window.on('session-end', () => (systemEnds = true));
    });
  }
  const readFeedOnce = (): Promise<UpdateFeed> => (feed ??= feedOf(resources, logger));
  const load = (): Promise<Loaded> =>
    (loading ??= readFeedOnce().then(async (from) => (loaded = await loadLibrary(parts, from))));

  async function attempt<T>(work: () => Promise<T>): Promise<UpdateOutcome<T>> {
    try {
      return { ok: true, value: await work() };
    } catch (error) {
      const problem = updateProblem(error);
      logger.warn('updater.failed', { problem, error: errorName(error) });
      return { ok: false, problem };
    }
  }

  return {
    async off() {
      return installationOff({ isPackaged: app.isPackaged, platform, env, resources }) ?? (await readFeedOnce()).off;
    },
    check: (signal) =>
      attempt(async () => {
        const { updater, abort, tidy } = await load();
        signal.addEventListener('abort', abort);
        try {
          const result = await updater.checkForUpdates();
          const offered = result?.isUpdateAvailable ?? false;
          if (!offered) await tidy();
          return { feed: result?.updateInfo, offered };
        } finally {
          signal.removeEventListener('abort', abort);
        }
      }),
    download: (heard, signal) =>
      attempt(async () => {
        const { updater, download } = await load();
        const tell = (now: { transferred: number; total: number }): void => heard(now.transferred, now.total);
        updater.on('download-progress', tell);
        try {
          await download(signal);
          return null;
        } finally {
          updater.off('download-progress', tell);
        }
      }),
    quit() {
      parts.leaving();
      // On macOS the system asks the program to quit, and starts it again.
      if (platform === 'darwin') loaded?.updater.quitAndInstall();
      else app.quit();
    },
    install(restart) {
      // macOS holds the version already, and installs it when the program is gone.
      if (platform === 'darwin' || systemEnds) return;
      // What starts asks for it while this process still ends.
      app.releaseSingleInstanceLock();
      loaded?.install(restart);
    },
  };
}

async function loadLibrary(parts: UpdaterParts, { isLocal, folder }: UpdateFeed): Promise<Loaded> {
  const { app, platform, resources, logger, silenceMs } = parts;
  const [{ CancellationToken, NsisUpdater }, { UpdateHttp }, { getAppCacheDir }] = await Promise.all([
    import('electron-updater'),
    import('./updater-http.ts'),
    import('electron-updater/out/AppAdapter.js'),
  ]);
  const adapter: AppAdapter = {
    version: app.getVersion(),
    name: app.getName(),
    isPackaged: app.isPackaged,
    appUpdateConfigPath: feedFile(resources),
    userDataPath: app.getPath('userData'),
    baseCachePath: parts.cache ?? getAppCacheDir(),
    whenReady: () => app.whenReady(),
    relaunch: () => undefined,
    quit: () => app.quit(),
    // It is decided elsewhere when to install.
    onQuit: () => undefined,
  };
  const http = new UpdateHttp({ isLocal, largest: LARGEST_UPDATE, ...(silenceMs !== undefined && { silenceMs }) });

  function configured<T extends AppUpdater>(updater: T): T {
    // Not among the library's types: it makes one only where it makes the adapter itself.
    Object.assign(updater, { httpExecutor: http });
    updater.autoDownload = false;
    // On macOS this hands a version to the system, which verifies it and installs it when the program is gone.
    updater.autoInstallOnAppQuit = platform === 'darwin';
    updater.allowDowngrade = false;
    updater.disableWebInstaller = true;
    // Whole files only: their checksum is the one that was announced.
    updater.disableDifferentialDownload = true;
    updater.logger = {
      info: (message: unknown) => logger.debug('updater.says', { words: logWords(message) }),
      warn: (message: unknown) => logger.warn('updater.says', { words: logWords(message) }),
      error: (message: unknown) => logger.warn('updater.says', { words: logWords(message) }),
    };
    return updater;
  }

  async function fetchBy(updater: AppUpdater, signal: AbortSignal): Promise<void> {
    const token = new CancellationToken();
    const cancel = (): void => token.cancel();
    signal.addEventListener('abort', cancel);
    try {
      await updater.downloadUpdate(token);
    } finally {
      signal.removeEventListener('abort', cancel);
    }
  }

  const abort = (): void => http.abort();
  const tidy = async (): Promise<void> => {
    if (folder === null) return;
    try {
      await rm(join(adapter.baseCachePath, folder, 'pending'), { recursive: true, force: true });
    } catch (error) {
      // They only take space, until the next version does away with them.
      logger.warn('updater.not_tidied', { error: errorName(error) });
    }
  };
  if (platform === 'darwin') {
    const { createMacUpdater, takenBySystem } = await import('./updater-mac.ts');
    const updater = configured(createMacUpdater(adapter));
    return {
      updater,
      abort,
      tidy,
      async download(signal) {
        const system = takenBySystem();
        try {
          await fetchBy(updater, signal);
          await system.taken;
        } finally {
          system.ignore();
        }
      },
      install: () => undefined,
    };
  }
  const { SafeAppImageUpdater } = await import('./updater-appimage.ts');
  const updater = configured(
    platform === 'win32' ? new NsisUpdater(null, adapter) : new SafeAppImageUpdater(null, adapter),
  );
  return {
    updater,
    abort,
    tidy,
    download: (signal) => fetchBy(updater, signal),
    install(restart) {
      if (!updater.install(true, restart)) logger.error('updater.not_installed');
    },
  };
}
