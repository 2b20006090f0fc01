import type * as Electron from 'electron';
import type { NowPlaying } from '#contract/ipc/music-views.ts';
import { traySign } from '../lib/drawing/tray-drawing.ts';
import { errorName } from '../lib/emitter.ts';
import type { MainTexts } from '../lib/main-texts.ts';
import type { TrayState } from '../lib/tray-state.ts';
import type { Logger } from '../services/ports.ts';
import { type TrayActions, type TrayCall, trayMenu } from './tray-menu.ts';
import { createTrayPictures, type TrayPictures } from './tray-pictures.ts';

/** What the indicators need: Electron's own parts, or a stand-in's. */
export interface SignParts {
  app: Pick<Electron.App, 'getName' | 'quit' | 'setBadgeCount'>;
  Menu: typeof Electron.Menu;
  Tray: typeof Electron.Tray;
  nativeImage: Pick<typeof Electron.nativeImage, 'createFromBuffer'>;
  screen: Pick<Electron.Screen, 'getPrimaryDisplay' | 'on' | 'off'>;
  platform: NodeJS.Platform;
  logger: Logger;
}

export interface UnreadSigns {
  /** Shows the count on the tray, the badge and the taskbar. */
  show(messages: number, window: Electron.BrowserWindow | null): void;
  /** Shows what plays in the tray's menu, with the player's buttons; null: nothing does, and they are gone. */
  play(now: NowPlaying | null): void;
  /** Shows what can be done in the current call; null when there is none. */
  call(call: TrayCall | null): void;
  /** Shows the unread chats, the connection and the pause in the tray's menu. */
  state(state: TrayState): void;
  /** True if the system took the tray; whether it is visible is another matter. */
  readonly hasTray: boolean;
  /** Shows the same in other texts, after a change of language. */
  speak(texts: MainTexts): void;
  close(): void;
}

function makeTray(parts: SignParts, pictures: TrayPictures, open: () => void): Electron.Tray | null {
  try {
    const tray = new parts.Tray(pictures.tray({ kind: 'none' }));
    // On macOS a click opens the menu.
    if (parts.platform !== 'darwin') tray.on('click', open);
    return tray;
  } catch (error) {
    // A desktop without a tray must not prevent the start.
    parts.logger.warn('tray.missing', { error: errorName(error) });
    return null;
  }
}

/**
 * Puts the app into the tray and shows there the unread count, also on the badge or on the taskbar, and what plays.
 * Needs a ready app.
 */
export function openUnreadSigns(parts: SignParts, first: MainTexts, actions: TrayActions): UnreadSigns {
  const { app, Menu, platform, screen, logger } = parts;
  const pictures = createTrayPictures(parts.nativeImage, platform, () => screen.getPrimaryDisplay().scaleFactor);
  const tray = makeTray(parts, pictures, actions.open);
  let texts = first;
  let messages = 0;
  let playing: NowPlaying | null = null;
  let call: TrayCall | null = null;
  let state: TrayState | null = null;
  let window: Electron.BrowserWindow | null = null;
  /** What the tray has now. */
  let drawn: Electron.NativeImage | null = null;
  let known: { messages: number; window: Electron.BrowserWindow | null } | null = null;

  /** One indicator that fails does not affect the others. */
  function attempt(sign: string, show: () => void): void {
    try {
      show();
    } catch (error) {
      logger.warn('unread.not_shown', { sign, error: errorName(error) });
    }
  }

  function words(): string {
    return messages === 0 ? app.getName() : `${app.getName()} - ${texts.newMessages(messages)}`;
  }

  function showTray(): void {
    if (!tray || tray.isDestroyed()) return;
    tray.setToolTip(words());
    if (platform === 'darwin') tray.setTitle(messages === 0 ? '' : String(messages));
    const image = pictures.tray(traySign(messages, state?.mutedUnread ?? false));
    // A tray that is given its own picture again may flicker.
    if (image !== drawn) tray.setImage(image);
    drawn = image;
  }

  /** The count on the app's own icon: Windows has only the overlay, and a badge would be drawn in the same place. */
  function showBadge(): void {
    if (platform !== 'win32') app.setBadgeCount(messages);
    else if (window && !window.isDestroyed()) {
      const sign = traySign(messages, false);
      window.setOverlayIcon(sign.kind === 'count' ? pictures.overlay(sign.text) : null, words());
    }
  }

  function setTrayMenu(): void {
    if (!tray || tray.isDestroyed()) return;
    // On Linux only a new menu shows other texts.
    tray.setContextMenu(Menu.buildFromTemplate(trayMenu({ call, playing, state }, texts, actions, () => app.quit())));
  }

  /** The pictures are drawn anew for another scale. */
  function rescaled(): void {
    attempt('tray', showTray);
    if (platform === 'win32') attempt('badge', showBadge);
  }

  attempt('tray menu', setTrayMenu);
  attempt('tray', showTray);
  screen.on('display-metrics-changed', rescaled);
  return {
    show(count, on) {
      if (known?.messages === count && (platform !== 'win32' || known.window === on)) return;
      known = { messages: count, window: on };
      messages = count;
      window = on;
      attempt('badge', showBadge);
      attempt('tray', showTray);
    },
    play(now) {
      if (JSON.stringify(now) === JSON.stringify(playing)) return;
      playing = now;
      attempt('tray menu', setTrayMenu);
    },
    call(next) {
      if (call?.name === next?.name && call?.muted === next?.muted) return;
      call = next;
      attempt('tray menu', setTrayMenu);
    },
    state(next) {
      if (JSON.stringify(state) === JSON.stringify(next)) return;
      state = next;
      attempt('tray menu', setTrayMenu);
      attempt('tray', showTray);
    },
    hasTray: tray !== null,
    speak(next) {
      texts = next;
      attempt('tray menu', setTrayMenu);
      attempt('tray', showTray);
      if (platform === 'win32') attempt('badge', showBadge);
    },
    close() {
      screen.off('display-metrics-changed', rescaled);
      if (tray && !tray.isDestroyed()) tray.destroy();
    },
  };
}
