/** The boot order: what happens, and when. Everything that does any work is in another file. */
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import {
  app,
  clipboard,
  ClipboardItem,
  desktopCapturer,
  dialog,
  globalShortcut,
  ipcMain,
  Menu,
  nativeImage,
  net,
  Notification,
  powerSaveBlocker,
  safeStorage,
  screen,
  session,
  shell,
  Tray,
  type WebContents,
} from 'electron';
import type { DesktopFacts } from '#contract/ipc/desktop-views.ts';
import { PUSH_CHANNEL } from '#contract/ipc/channels.ts';
import { createCallGate, isTimeFor } from './lib/call-gate.ts';
import { errorName } from './lib/emitter.ts';
import { type DeepLink, LINK_SCHEME, linkAmong, readLink } from './lib/deep-link.ts';
import { createExternalOpener } from './lib/external.ts';
import type { MediaOpener } from './lib/media.ts';
import { chosenTexts, type MainTexts, storedLanguage } from './lib/main-texts.ts';
import type { Answer } from './ipc/answer.ts';
import { startRouter } from './ipc/router.ts';
import type { WindowRole } from './lib/roles.ts';
import { prepareWorker } from './lib/spare-worker.ts';
import { rememberStart } from './lib/start-memory.ts';
import { originOf } from './lib/origin.ts';
import { createAutostart } from './platform/autostart.ts';
import { trustSystemCertificates } from './platform/certificates.ts';
import { createCallSystem } from './platform/call-signs.ts';
import { systemClock } from './platform/clock.ts';
import { createDesktopSystem } from './platform/desktop-system.ts';
import { needFolder } from './platform/data-folder.ts';
import { readEnvironment } from './platform/environment.ts';
import { tellFailedStart } from './platform/failed-start.ts';
import { takeIdentity } from './platform/identity.ts';
import { createFilesSystem } from './platform/files.ts';
import { openDocument } from './platform/json-document.ts';
import { openLog } from './platform/log.ts';
import { openPowerEvents } from './platform/power.ts';
import { createNotifier } from './platform/notifier.ts';
import { createScreenSources, hasSystemPicker } from './platform/screen-sources.ts';
import { openSecretStore } from './platform/secrets.ts';
import { openUnreadSigns } from './platform/tray.ts';
import { applySpelling } from './platform/spelling.ts';
import { findTray, runProgram } from './platform/tray-watch.ts';
import { createUpdater } from './platform/updater.ts';
import { applyTheme, storedTheme } from './platform/theme.ts';
import type { Assembly } from './program.ts';
import type { JsonDocument, Logger } from './services/ports.ts';
import { logFailures, quitGracefully } from './platform/life.ts';
import { answerDisplayMedia } from './windows/display-media.ts';
import { askInCall } from './windows/ask-in-call.ts';
import { createCloseWay } from './windows/close-way.ts';
import { openMainWindow, raise } from './windows/main-window.ts';
import { offerEditMenu, setMenu, showMenu } from './windows/menu.ts';
import { createMiniWindow } from './windows/mini-window.ts';
import { guardNavigation } from './windows/navigation-guard.ts';
import { closePageNetwork, quickenCalls, reachInCall } from './windows/page-network.ts';
import { PAGE_URL, registerPageScheme, servePage } from './windows/page-protocol.ts';
import { guardPermissions } from './windows/permissions.ts';
import { createWindowRegistry } from './windows/registry.ts';

const environment = readEnvironment(process.env, app.isPackaged);

let log: Logger | null = null;

try {
  app.enableSandbox();
  takeIdentity(app, process.platform, environment.userDataDir);
  // Without it the lock is refused as if another instance held it, and the app would quit silently.
  needFolder(app.getPath('userData'));
  if (app.requestSingleInstanceLock()) boot();
  else app.quit();
} catch (error) {
  void failStart(error);
}

/** The app never fails to start silently. */
async function failStart(error: unknown): Promise<void> {
  log?.error('app.not_started', { error: errorName(error) });
  if (!app.isPackaged) console.error('app.not_started', error);
  try {
    await tellFailedStart(
      { app, dialog, platform: process.platform },
      () => chosenTexts('system', systemLocale()),
      error,
    );
  } finally {
    app.exit(1);
  }
}

function boot(): void {
  const userDataDir = app.getPath('userData');
  const logFile = join(userDataDir, 'logs', 'main.log');
  const logger = openLog(logFile, environment.logLevel, !app.isPackaged);
  log = logger;
  const pageUrl = environment.devServer ?? PAGE_URL;
  const out = join(app.getAppPath(), 'out');
  const openExternal = createExternalOpener((url) => shell.openExternal(url), systemClock, logger);
  const windows = createWindowRegistry();
  const roleOf = (contents: WebContents | null): WindowRole | null => windows.roleOf(contents);

  logFailures(logger);
  registerPageScheme();
  // Set once the services are loaded: before that there is no call.
  let assembly: Assembly | null = null;
  const starts = rememberStart(openDocument('starts', logger), systemClock);
  if (starts.isSafe) {
    logger.warn('app.safe_mode');
    app.disableHardwareAcceleration();
  }
  /** A link from outside that waits for the services. */
  let waitingLink: { link: DeepLink | null } | null = readStart(process.argv);
  const openLink = (link: DeepLink | null): void => {
    if (assembly) void assembly.desktop.linked(link);
    else waitingLink = { link };
  };
  // macOS tells it in place of an argument, and may do so before the app is ready.
  app.on('open-url', (event, url) => {
    event.preventDefault();
    openLink(readLink(url));
  });
  const gate = createCallGate((isOpen) => {
    const contents = windows.window('main')?.webContents;
    if (contents && !contents.isDestroyed()) reachInCall(contents, isOpen);
  });

  guardPermissions({
    roleOf,
    origin: originOf(pageUrl),
    isTimeFor: (name) => isTimeFor(name, gate, () => windows.window('main')?.isFocused() ?? false),
    display: (request) =>
      answerDisplayMedia(request, {
        roleOfFrame: (frame) => windows.roleOfFrame(frame),
        origin: originOf(pageUrl),
        choice: async () => (await assembly?.screens.answer()) ?? null,
        logger,
      }),
    systemPicker: hasSystemPicker(process.platform),
    logger,
  });
  closePageNetwork(pageUrl, logger);
  quickenCalls();
  guardNavigation(pageUrl, openExternal, logger);

  async function ready(): Promise<void> {
    logger.info('app.ready', { version: app.getVersion(), platform: process.platform, packaged: app.isPackaged });
    const media = Promise.withResolvers<MediaOpener>();
    // A page may ask before the services are loaded.
    const opener: MediaOpener = { open: async (...asked) => (await media.promise).open(...asked) };
    await servePage(join(out, 'renderer'), logger, opener);
    const settingsDocument = openDocument('settings', logger);
    const stored = settingsDocument.read();
    applyTheme({ theme: storedTheme(stored) });
    let texts: MainTexts = chosenTexts(storedLanguage(stored), systemLocale());
    setMenu(texts);
    let isQuitting = false;
    let tray: DesktopFacts['tray'] = 'unknown';
    const autostart = createAutostart({ app, platform: process.platform, env: process.env, logger });
    const closeWay = createCloseWay({
      platform: process.platform,
      dialog,
      window: () => windows.window('main'),
      texts: () => texts,
      tray: () => tray,
      isQuitting: () => isQuitting,
      chosen: () => assembly?.settings.view().closeWay ?? null,
      choose: (way) => assembly?.settings.update({ closeWay: way }),
    });
    const answering = Promise.withResolvers<Answer>();
    startRouter({
      ipcMain,
      answer: answering.promise,
      sender: { roleOf, origin: originOf(pageUrl) },
      logger,
    });
    let hidePlaying = (): void => undefined;
    const mini = createMiniWindow({
      pageUrl: new URL('mini.html', pageUrl).href,
      preload: join(out, 'preload', 'index.cjs'),
      document: openDocument('mini-window', logger),
      logger,
      windows,
      title: () => texts.call.inCall,
      onPageGone: () => assembly?.pageGone('call'),
      onClosed: () => assembly?.mini.closed(),
    });
    const newWindow = (): void => {
      const window = openMainWindow({
        pageUrl: starts.isSafe ? `${pageUrl}?plain=1` : pageUrl,
        preload: join(out, 'preload', 'index.cjs'),
        document: openDocument('window', logger),
        clock: systemClock,
        logger,
        texts: () => texts,
        hides: () => closeWay.hides(),
        askToClose: () =>
          closeWay.question() ??
          askInCall({
            dialog,
            window: () => windows.window('main'),
            texts: () => texts,
            calls: () => assembly?.calls ?? null,
            isQuitting: () => isQuitting,
          }),
        onAway: (away) => assembly?.mini.mainAway(away),
        onPageGone: () => {
          assembly?.pageGone('main');
          // Nothing plays without it.
          hidePlaying();
        },
      });
      windows.add(window, 'main');
      window.on('focus', () => {
        assembly?.notifications.looked();
        assembly?.calls.looked();
      });
      offerEditMenu(window.webContents, () => texts);
    };
    /** Brings the window to the front, or opens a new one. */
    const open = (): void => {
      const window = windows.window('main');
      if (window) raise(window);
      else newWindow();
    };
    app.on('before-quit', () => (isQuitting = true));
    app.on('second-instance', (_event, argv) => {
      const linked = readStart(argv);
      // A link raises the window itself.
      if (linked) openLink(linked.link);
      else open();
    });
    app.on('activate', open);
    app.on('window-all-closed', () => {
      // On macOS an app stays alive without a window until it is quit.
      if (process.platform !== 'darwin') app.quit();
    });
    // Only where the user has asked for it; whether a tray shows it is known a moment later.
    const isHidden = stored['startHidden'] === true && waitingLink === null && autostart.wasAtLogin(process.argv);
    if (!isHidden) open();

    // The services load while the window opens its page, and the first store's thread starts: none waits for the other.
    const workerUrl = pathToFileURL(join(out, 'main', 'store-worker.js'));
    prepareWorker(workerUrl);
    const { assemble, createAnswer } = await import('./program.ts');
    // The page has asked for its files in the meantime.
    await nextTurn();
    const power = openPowerEvents(systemClock, logger);
    const { platform } = process;
    const notify = createNotifier({ Notification, nativeImage, platform, logger });
    const signs = openUnreadSigns({ app, Menu, Tray, nativeImage, screen, platform, logger }, texts, {
      open,
      openChat: (accountId, chatId) => assembly?.openPlace(accountId, chatId, null),
      pause: (pause) => void assembly?.desktop.pause({ pause }),
      player: (command) => assembly?.playerCommand(command),
      toggleMicrophone: () => assembly?.calls.toggleMicrophone(),
      hangUp: () => assembly?.calls.hangUp(),
    });
    hidePlaying = () => signs.play(null);
    const made = assemble({
      clock: systemClock,
      random: Math.random,
      logger,
      power,
      secrets: openSecretStore(safeStorage, platform, logger),
      document: (name) => (name === 'settings' ? settingsDocument : openDocument(name, logger)),
      userDataDir,
      defaultServer: environment.defaultServer,
      askedServer: environment.askedServer,
      about: { platform: platformName(), version: app.getVersion(), systemLocale: systemLocale() },
      workerUrl,
      send: (role, batch) => windows.window(role)?.webContents.send(PUSH_CHANNEL, batch),
      openExternal,
      copyText: (text) => clipboard.writeText(text),
      files: createFilesSystem({
        app,
        dialog,
        shell,
        clipboard,
        ClipboardItem,
        nativeImage,
        platform,
        window: () => windows.window('main'),
      }),
      system: {
        notify: (notice, clicked, { key, group, answers, picture, notShown }) =>
          notify(notice, clicked, {
            ...{ key, group, picture, notShown },
            sound: assembly?.settings.view().noticeSound ?? 'system',
            ...(answers && {
              reply: { placeholder: texts.desktop.replyPlaceholder, run: (text) => answers.reply(text) },
              actions: [{ text: texts.desktop.markRead, run: () => answers.read() }],
            }),
          }),
        unread: (messages) => signs.show(messages, windows.window('main')),
      },
      desktop: createDesktopSystem({
        ...{ app, shell, net, platform, signs, notify, autostart, logFile, logger },
        noticesSupported: Notification.isSupported(),
        tray: () => tray,
        showMenu: (place) => showMenu(windows.window('main'), place),
        texts: () => texts,
        safeMode: starts.isSafe,
      }),
      showPlaying: (now) => signs.play(now),
      calls: createCallSystem({
        ...{ powerSaveBlocker, globalShortcut, notify, signs, gate, mini, logger },
        texts: () => texts,
        toggleMicrophone: () => assembly?.calls.toggleMicrophone(),
      }),
      screens: createScreenSources(desktopCapturer, platform, process.env),
      updates: createUpdater({
        ...{ app, platform, env: process.env, resources: process.resourcesPath, logger },
        leaving: () => (isQuitting = true),
      }),
      presence: power,
      reloadPage: () => windows.window('main')?.webContents.reload(),
      watching: () => windows.window('main')?.isFocused() ?? false,
      raise: open,
    });
    assembly = made;
    media.resolve(made.media);
    applyTheme(made.settings.view());
    applySpelling(session.defaultSession, platform, made.settings.view());
    made.settings.onChanged((settings) => {
      applyTheme(settings);
      applySpelling(session.defaultSession, platform, settings);
      const next = chosenTexts(settings.language, systemLocale());
      if (next === texts) return;
      texts = next;
      setMenu(texts);
      signs.speak(texts);
    });
    const end = async (): Promise<void> => {
      starts.ended();
      power.close();
      signs.close();
      await made.close();
    };
    quitGracefully(logger, end, () => made.updates.install());
    answering.resolve(createAnswer({ handlers: made.handlers, logger, checkAnswers: environment.checkAnswers }));
    void trustSystemCertificates(logger);
    await made.start();
    if (app.isPackaged) app.setAsDefaultProtocolClient(LINK_SCHEME);
    if (waitingLink) void made.desktop.linked(waitingLink.link);
    if (starts.isSafe) made.tell('safe_mode');
    // To run a program holds this thread up for as long as the rest of the start.
    await made.firstScreen;
    tray = await findTray(platform, signs.hasTray, runProgram);
    logger.info('tray.found', { tray });
    // Nobody would find an app that has neither.
    if (isHidden && tray !== 'there' && platform !== 'darwin' && !windows.window('main')) open();
    tellOnce(tray === 'missing', () => made.tell('tray_missing'), openDocument('told', logger));
  }

  app.whenReady().then(ready).catch(failStart);
}

/** A link among the arguments of a start; null when there is none. */
function readStart(argv: readonly string[]): { link: DeepLink | null } | null {
  const { asked, link } = linkAmong(argv);
  return asked ? { link } : null;
}

/** Says that there is no tray, once for all starts. */
function tellOnce(isMissing: boolean, tell: () => void, document: JsonDocument): void {
  if (!isMissing || document.read()['trayMissing'] === true) return;
  document.write({ ...document.read(), trayMissing: true });
  tell();
}

/** The user's first language, not the nearest one for which Chromium's own texts were packed. */
function systemLocale(): string {
  return app.getPreferredSystemLanguages()[0] ?? app.getLocale();
}

function platformName(): 'win32' | 'darwin' | 'linux' {
  return process.platform === 'win32' || process.platform === 'darwin' ? process.platform : 'linux';
}
