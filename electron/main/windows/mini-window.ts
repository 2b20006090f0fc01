/**
 * The small window of a call: above all others, where its user left it. It has the page of its own role, without media,
 * connection or chats.
 */
import { BrowserWindow, nativeTheme, screen } from 'electron';
import type { JsonDocument, Logger } from '../services/ports.ts';
import { cornerOf, type MiniPlace, MINI_SIZE, readMiniPlace } from './mini-place.ts';
import { hardened, loadPage } from './main-window.ts';
import type { WindowRegistry } from './registry.ts';
import { FRAME } from './title-bar.ts';

export interface MiniWindowOptions {
  pageUrl: string;
  /** Path of the bundled preload. */
  preload: string;
  /** Where the window's place is stored. */
  document: JsonDocument;
  logger: Logger;
  windows: Pick<WindowRegistry, 'add' | 'window'>;
  title: () => string;
  /** The page starts over or is gone. */
  onPageGone: () => void;
  /** The window is closed, by its user or from here. */
  onClosed: () => void;
}

export interface MiniWindow {
  /** Opens the window, or closes it. */
  set(open: boolean): void;
}

function placeOf(options: MiniWindowOptions): MiniPlace {
  const areas = screen.getAllDisplays().map(({ workArea }) => workArea);
  const main = options.windows.window('main');
  const home = main ? screen.getDisplayMatching(main.getBounds()) : screen.getPrimaryDisplay();
  return readMiniPlace(options.document.read(), areas) ?? cornerOf(home.workArea);
}

function openWindow(options: MiniWindowOptions): BrowserWindow {
  const window = new BrowserWindow({
    ...MINI_SIZE,
    ...placeOf(options),
    title: options.title(),
    show: false,
    frame: false,
    resizable: false,
    minimizable: false,
    maximizable: false,
    fullscreenable: false,
    skipTaskbar: true,
    alwaysOnTop: true,
    acceptFirstMouse: true,
    backgroundColor: nativeTheme.shouldUseDarkColors ? FRAME.dark : FRAME.light,
    webPreferences: hardened(options.preload),
  });
  // Above full-screen windows too, where the system allows it.
  window.setAlwaysOnTop(true, 'floating');
  options.windows.add(window, 'call');
  // The main window keeps the focus, whatever has it.
  window.once('ready-to-show', () => window.showInactive());
  window.on('close', () => {
    const { x, y } = window.getBounds();
    // The document logs a failed write; the window then opens in its corner.
    options.document.write({ x, y });
  });
  window.webContents.on('did-navigate', options.onPageGone);
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    if (reason === 'clean-exit' || window.isDestroyed()) return;
    options.logger.error('mini.crashed', { reason });
    // The call goes on in the main window.
    window.close();
  });
  window.once('closed', () => {
    options.onPageGone();
    options.onClosed();
  });
  void loadPage(window, options.pageUrl, options.logger);
  return window;
}

/** Creates what opens and closes it; there is no window yet. */
export function createMiniWindow(options: MiniWindowOptions): MiniWindow {
  let window: BrowserWindow | null = null;
  return {
    set(open) {
      if (open) {
        if (window) return;
        window = openWindow(options);
        window.once('closed', () => (window = null));
        return;
      }
      const last = window;
      window = null;
      if (last && !last.isDestroyed()) last.close();
    },
  };
}
