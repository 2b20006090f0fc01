/** What closing the window does: the app stays in the tray, ends, or its user is asked once. */
import type { BrowserWindow, Dialog } from 'electron';
import type { DesktopFacts, DesktopSettings } from '#contract/ipc/desktop-views.ts';
import type { MainTexts } from '../lib/main-texts.ts';

export interface CloseWayParts {
  platform: NodeJS.Platform;
  dialog: Pick<Dialog, 'showMessageBox'>;
  window: () => BrowserWindow | null;
  texts: () => MainTexts;
  tray: () => DesktopFacts['tray'];
  isQuitting: () => boolean;
  /** Null until the settings are loaded. */
  chosen: () => DesktopSettings['closeWay'] | null;
  choose: (way: 'tray' | 'quit') => void;
}

export interface CloseWay {
  /** Hide the window instead of closing it. */
  hides(): boolean;
  /** The question to ask first; resolves with true if the window is to close. Null: nothing to ask. */
  question(): (() => Promise<boolean>) | null;
}

/** Creates it. Without a tray that is surely there the app never hides: nobody would find it again. */
export function createCloseWay(parts: CloseWayParts): CloseWay {
  const canHide = (): boolean => !parts.isQuitting() && (parts.platform === 'darwin' || parts.tray() === 'there');
  // On macOS an app lives on without a window, and everybody expects it.
  const way = (): DesktopSettings['closeWay'] => (parts.platform === 'darwin' ? 'tray' : (parts.chosen() ?? 'quit'));
  return {
    hides: () => canHide() && way() === 'tray',
    question() {
      if (!canHide() || way() !== 'ask') return null;
      return async () => {
        const over = parts.window();
        if (!over) return true;
        const { closing, closingText, keepRunning, cancel } = parts.texts().desktop;
        const { response } = await parts.dialog.showMessageBox(over, {
          type: 'question',
          message: closing,
          detail: closingText,
          buttons: [keepRunning, parts.texts().menu.quit, cancel],
          defaultId: 0,
          // Escape leaves everything as it is, and the question for the next time.
          cancelId: 2,
        });
        if (response === 0) {
          parts.choose('tray');
          if (!over.isDestroyed()) over.hide();
        } else if (response === 1) parts.choose('quit');
        return response === 1;
      };
    },
  };
}
