/** The main window: hardened, where the user left it, shown once it has something to show. */
import { join } from 'node:path';
import { app, BrowserWindow, dialog, nativeTheme, screen } from 'electron';
import { errorName } from '../lib/emitter.ts';
import type { MainTexts } from '../lib/main-texts.ts';
import { picturesFolder } from '../platform/pictures.ts';
import type { Clock, JsonDocument, Logger } from '../services/ports.ts';
import { placeWindow, SMALLEST, type WindowPlace } from './bounds.ts';
import { createCrashPolicy } from './crash-policy.ts';
import { followTheme, FRAME, titleBarOptions } from './title-bar.ts';

/** Milliseconds after which the window is shown even if the page has not painted. */
const SHOW_AT_LATEST_MS = 5_000;
/** Chromium's ERR_ABORTED: the load was cancelled and the current page stays. */
const ABORTED = -3;

export interface MainWindowOptions {
  pageUrl: string;
  /** Path of the bundled preload. */
  preload: string;
  /** Where the window's place is stored. */
  document: JsonDocument;
  clock: Clock;
  logger: Logger;
  /** Texts in the language that the user has chosen. */
  texts: () => MainTexts;
  /** Asked before the window closes; false keeps it open. Null: it may close at once. */
  askToClose: () => (() => Promise<boolean>) | null;
  /** The window is hidden in place of being closed: asked first. */
  hides: () => boolean;
  /** The page starts over or is gone: it must ask for its snapshot again. */
  onPageGone: () => void;
  /** The window is out of sight (minimised or hidden), or back. */
  onAway: (away: boolean) => void;
}

/** Required for all our windows. */
export function hardened(preload: string): Electron.WebPreferences {
  return {
    preload,
    sandbox: true,
    contextIsolation: true,
    webSecurity: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    allowRunningInsecureContent: false,
    experimentalFeatures: false,
    webviewTag: false,
    plugins: false,
    navigateOnDragDrop: false,
    // On other systems Chromium downloads dictionaries from a third party's server.
    spellcheck: process.platform === 'darwin',
    devTools: !app.isPackaged,
  };
}

function workAreas(): Electron.Rectangle[] {
  const primary = screen.getPrimaryDisplay();
  const others = screen.getAllDisplays().filter((display) => display.id !== primary.id);
  return [primary, ...others].map((display) => display.workArea);
}

function rememberPlace(window: BrowserWindow, document: JsonDocument): void {
  const place: WindowPlace = { ...window.getNormalBounds(), maximized: window.isMaximized() };
  // The document logs a failed write; the window then opens at its usual place.
  document.write({ ...place });
}

function handleCrashes(window: BrowserWindow, options: MainWindowOptions): void {
  const { logger, clock, pageUrl } = options;
  const policy = createCrashPolicy();
  window.webContents.on('render-process-gone', (_event, details) => {
    options.onPageGone();
    if (details.reason === 'clean-exit' || window.isDestroyed()) return;
    const answer = policy(clock.monotonic());
    logger.error('page.crashed', { reason: details.reason, exit: details.exitCode, answer });
    if (answer === 'reload') window.webContents.reload();
    // Without the fragment the page does not open the chat that may have crashed it.
    else if (answer === 'reload_plain') void loadPage(window, `${pageUrl}?plain=1`, logger);
    else void showCrashDialog(window, options);
  });
  window.webContents.on('unresponsive', () => logger.warn('page.unresponsive'));
}

async function showCrashDialog(
  window: BrowserWindow,
  { pageUrl, logger, ...options }: MainWindowOptions,
): Promise<void> {
  const texts = options.texts();
  const { response } = await dialog.showMessageBox(window, {
    type: 'error',
    message: texts.crashed,
    detail: texts.crashedDetail,
    buttons: [texts.tryAgain, texts.menu.quit],
    defaultId: 0,
    cancelId: 1,
  });
  // The user may have closed the window instead.
  if (window.isDestroyed()) return;
  if (response === 0) await loadPage(window, `${pageUrl}?plain=1`, logger);
  else app.quit();
}

/** Loads a page into a window; a failure is logged. */
export async function loadPage(window: BrowserWindow, url: string, logger: Logger): Promise<void> {
  try {
    await window.loadURL(url);
  } catch (error) {
    logger.error('page.not_loaded', { error: error instanceof Error ? error.name : typeof error });
  }
}

/**
 * Reports that the current page was replaced. Not when a navigation starts: a prevented one starts too, and the page it
 * would have left is still there to receive pushes. A failed load leaves no page at all.
 */
function followPage({ webContents }: BrowserWindow, onPageGone: () => void): void {
  webContents.on('did-navigate', onPageGone);
  webContents.on('did-fail-load', (_event, code, _reason, _url, isMainFrame) => {
    if (isMainFrame && code !== ABORTED) onPageGone();
  });
}

/** A window that fills a screen of its own leaves it black on macOS if it is hidden at once. */
function hide(window: BrowserWindow): void {
  if (!window.isFullScreen()) return window.hide();
  window.once('leave-full-screen', () => window.hide());
  window.setFullScreen(false);
}

/** Holds the window until its user has agreed, where there is something to ask. */
function guardClose(window: BrowserWindow, { askToClose, hides, logger }: MainWindowOptions): void {
  let isAsking = false;
  window.on('close', (event) => {
    if (hides()) {
      event.preventDefault();
      hide(window);
      return;
    }
    const ask = askToClose();
    if (!ask) return;
    event.preventDefault();
    if (isAsking) return;
    isAsking = true;
    ask()
      .then((agreed) => {
        // What was asked for is over by now, so it is not asked again.
        if (agreed && !window.isDestroyed()) window.close();
      })
      .catch((error: unknown) => logger.error('window.not_asked', { error: errorName(error) }))
      .finally(() => (isAsking = false));
  });
}

/** Says whether anything of the window can be seen. */
function followSight(window: BrowserWindow, onAway: (away: boolean) => void): void {
  const tell = (): void => {
    if (!window.isDestroyed()) onAway(window.isMinimized() || !window.isVisible());
  };
  window.on('minimize', tell);
  window.on('restore', tell);
  window.on('hide', tell);
  window.on('show', tell);
}

/** Opens the window and loads the page. */
export function openMainWindow(options: MainWindowOptions): BrowserWindow {
  const { document, clock, logger } = options;
  const place = placeWindow(document.read(), workAreas());
  const { maximized, ...bounds } = place;
  const isDark = nativeTheme.shouldUseDarkColors;
  const window = new BrowserWindow({
    ...bounds,
    minWidth: SMALLEST.width,
    minHeight: SMALLEST.height,
    title: 'Relay',
    show: false,
    autoHideMenuBar: true,
    // Other systems take the icon from the app itself.
    ...(process.platform === 'linux' ? { icon: join(picturesFolder(), 'window.png') } : {}),
    // The page's own, so that nothing flashes before it paints.
    backgroundColor: isDark ? FRAME.dark : FRAME.light,
    ...titleBarOptions(process.platform, isDark),
    webPreferences: hardened(options.preload),
  });

  const show = (): void => {
    cancelTimeout();
    if (window.isDestroyed() || window.isVisible()) return;
    // Maximizing shows the window too, but without focus; any earlier it would be shown blank.
    if (maximized) window.maximize();
    window.show();
  };
  const cancelTimeout = clock.after(SHOW_AT_LATEST_MS, show);
  window.once('ready-to-show', show);
  // Whatever shows it first: a second start may come before the page has painted.
  window.once('show', () => {
    if (maximized) window.maximize();
    // A window that was never shown has no new place.
    window.on('close', () => rememberPlace(window, document));
  });
  window.once('closed', () => {
    cancelTimeout();
    options.onPageGone();
  });
  followTheme(window, nativeTheme, process.platform);
  guardClose(window, options);
  followPage(window, options.onPageGone);
  followSight(window, options.onAway);
  handleCrashes(window, options);
  void loadPage(window, options.pageUrl, logger);
  return window;
}

/** Brings the window to the front, even if minimized or hidden. */
export function raise(window: BrowserWindow): void {
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
}
