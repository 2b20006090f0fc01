import { join } from 'node:path';
import { app, type BrowserWindow, Menu, nativeImage, Tray } from 'electron';
import { errorName } from '../lib/emitter.ts';
import { mainTexts } from '../lib/main-texts.ts';
import type { Logger } from '../services/ports.ts';
import { picturesFolder } from './pictures.ts';

export interface UnreadSigns {
  /** Shows the count on the tray, the badge and the taskbar. */
  show(messages: number, window: BrowserWindow | null): void;
  close(): void;
}

function makeTray(open: () => void, logger: Logger): Tray | null {
  const texts = mainTexts(app.getLocale());
  const mac = process.platform === 'darwin';
  try {
    // The name tells macOS that the picture is a template, to be drawn in the menu bar's own colour.
    const tray = new Tray(nativeImage.createFromPath(join(picturesFolder(), mac ? 'trayTemplate.png' : 'tray.png')));
    tray.setContextMenu(
      Menu.buildFromTemplate([
        { label: texts.open, click: open },
        { type: 'separator' },
        { label: texts.quit, click: () => app.quit() },
      ]),
    );
    // On macOS a click opens the menu.
    if (!mac) tray.on('click', open);
    return tray;
  } catch (error) {
    // A desktop without a tray is no reason not to start.
    logger.warn('tray.missing', { error: errorName(error) });
    return null;
  }
}

/** Puts the program into the tray and shows the one unread count there, on the badge and on the taskbar. */
export function openUnreadSigns(open: () => void, logger: Logger): UnreadSigns {
  const texts = mainTexts(app.getLocale());
  const tray = makeTray(open, logger);
  let shown = -1;
  return {
    show(messages, window) {
      if (messages === shown) return;
      shown = messages;
      const words = messages === 0 ? app.getName() : `${app.getName()} - ${texts.newMessages(messages)}`;
      app.setBadgeCount(messages);
      if (tray && !tray.isDestroyed()) {
        tray.setToolTip(words);
        if (process.platform === 'darwin') tray.setTitle(messages === 0 ? '' : String(messages));
        else
          tray.setImage(
            nativeImage.createFromPath(join(picturesFolder(), messages === 0 ? 'tray.png' : 'tray-unread.png')),
          );
      }
      if (process.platform === 'win32' && window && !window.isDestroyed()) {
        const overlay = messages === 0 ? null : nativeImage.createFromPath(join(picturesFolder(), 'tray-unread.png'));
        window.setOverlayIcon(overlay, words);
      }
    },
    close() {
      if (tray && !tray.isDestroyed()) tray.destroy();
    },
  };
}
