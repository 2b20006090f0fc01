/** The boot list: what happens, in which order. Everything that does something lives in a room of its own. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { app, type BrowserWindow, clipboard, ipcMain, shell } from 'electron';
import { PUSH_CHANNEL } from '#contract/ipc/channels.ts';
import { createExternalOpener } from './lib/external.ts';
import type { Answer } from './ipc/answer.ts';
import { startRouter } from './ipc/router.ts';
import { originOf } from './ipc/sender.ts';
import { systemClock } from './platform/clock.ts';
import { readEnvironment } from './platform/environment.ts';
import { openDocument } from './platform/json-document.ts';
import { openLog } from './platform/log.ts';
import { openPowerEvents } from './platform/power.ts';
import { showNotification } from './platform/notifier.ts';
import { openSecretStore } from './platform/secrets.ts';
import { openUnreadSigns } from './platform/tray.ts';
import { applyTheme, storedTheme } from './platform/theme.ts';
import type { Assembly } from './program.ts';
import { logFailures, quitGracefully } from './platform/life.ts';
import { openMainWindow, raise } from './windows/main-window.ts';
import { offerEditMenu, setMenu } from './windows/menu.ts';
import { guardNavigation } from './windows/navigation-guard.ts';
import { closePageNetwork } from './windows/page-network.ts';
import { PAGE_URL, registerPageScheme, servePage } from './windows/page-protocol.ts';
import { guardPermissions } from './windows/permissions.ts';

const environment = readEnvironment(process.env, app.isPackaged);

app.enableSandbox();
if (environment.userDataDir !== null) app.setPath('userData', environment.userDataDir);
if (process.platform === 'win32') app.setAppUserModelId('app.relay.desktop');

if (app.requestSingleInstanceLock()) boot();
else app.quit();

function boot(): void {
  const userDataDir = app.getPath('userData');
  const logger = openLog(join(userDataDir, 'logs', 'main.log'), environment.logLevel, !app.isPackaged);
  const pageUrl = environment.devServer ?? PAGE_URL;
  const out = join(app.getAppPath(), 'out');
  const openExternal = createExternalOpener((url) => shell.openExternal(url), systemClock, logger);
  let window: BrowserWindow | null = null;

  logFailures(logger);
  registerPageScheme();
  guardPermissions(logger);
  closePageNetwork(pageUrl, logger);
  guardNavigation(pageUrl, openExternal, logger);

  async function ready(): Promise<void> {
    logger.info('app.ready', { version: app.getVersion(), platform: process.platform, packaged: app.isPackaged });
    await servePage(join(out, 'renderer'), logger);
    const settingsDocument = openDocument('settings', logger);
    applyTheme({ theme: storedTheme(settingsDocument.read()) });
    setMenu();
    const answering = Promise.withResolvers<Answer>();
    startRouter({
      ipcMain,
      answer: answering.promise,
      sender: { isOurs: (contents) => contents === window?.webContents, origin: originOf(pageUrl) },
      logger,
    });
    let assembly: Assembly | null = null;
    const newWindow = (): void => {
      window = openMainWindow({
        pageUrl,
        preload: join(out, 'preload', 'index.cjs'),
        document: openDocument('window', logger),
        clock: systemClock,
        logger,
        onPageGone: () => assembly?.push.pageGone(),
      });
      window.once('closed', () => (window = null));
      window.on('focus', () => assembly?.notifications.looked());
      offerEditMenu(window.webContents);
    };
    /** To the front, whatever became of the window. */
    const open = (): void => (window ? raise(window) : newWindow());
    app.on('second-instance', open);
    app.on('activate', open);
    app.on('window-all-closed', () => {
      // On macOS a program lives on without a window, until it is told to end.
      if (process.platform !== 'darwin') app.quit();
    });
    open();

    // The services load while the window opens its page: neither waits for the other.
    const { assemble, createAnswer } = await import('./program.ts');
    const power = openPowerEvents(systemClock, logger);
    const signs = openUnreadSigns(open, logger);
    const made = assemble({
      clock: systemClock,
      random: Math.random,
      logger,
      power,
      secrets: openSecretStore(process.platform, logger),
      document: (name) => (name === 'settings' ? settingsDocument : openDocument(name, logger)),
      userDataDir,
      defaultServer: environment.defaultServer,
      about: { platform: platformName(), version: app.getVersion(), systemLocale: systemLocale() },
      workerUrl: pathToFileURL(join(out, 'main', 'store-worker.js')),
      send: (batch) => window?.webContents.send(PUSH_CHANNEL, batch),
      openExternal,
      copyText: (text) => clipboard.writeText(text),
      outside: {
        notify: (notice, clicked) => showNotification(notice, clicked, logger),
        unread: (messages) => signs.show(messages, window),
      },
      watching: () => window?.isFocused() ?? false,
      raise: open,
    });
    assembly = made;
    applyTheme(made.settings.view());
    made.settings.onChanged(applyTheme);
    quitGracefully(logger, async () => {
      power.close();
      signs.close();
      await made.close();
    });
    answering.resolve(createAnswer({ handlers: made.handlers, logger, checkAnswers: environment.checkAnswers }));
    await made.start();
  }

  app
    .whenReady()
    .then(ready)
    .catch((error: unknown) => {
      logger.error('app.not_started', { error: error instanceof Error ? error.stack : typeof error });
      app.exit(1);
    });
}

/** The person's first language, not the nearest one that Chromium's own words were packed for. */
function systemLocale(): string {
  return app.getPreferredSystemLanguages()[0] ?? app.getLocale();
}

function platformName(): 'win32' | 'darwin' | 'linux' {
  return process.platform === 'win32' || process.platform === 'darwin' ? process.platform : 'linux';
}
