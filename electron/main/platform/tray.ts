import { join } from 'node:path';
import type * as Electron from 'electron';
import type { NowPlaying } from '#contract/ipc/music-views.ts';
import { errorName } from '../lib/emitter.ts';
import type { MainTexts } from '../lib/main-texts.ts';
import type { TrayState } from '../lib/tray-state.ts';
import type { Logger } from '../services/ports.ts';
import { type TrayActions, type TrayCall, trayMenu } from './tray-menu.ts';

/** What the indicators need: Electron's own parts, or a stand-in's. */
export interface SignParts {
  app: Pick<Electron.App, 'getName' | 'quit' | 'setBadgeCount'>;
  Menu: typeof Electron.Menu;
  Tray: typeof Electron.Tray;
  nativeImage: typeof Electron.nativeImage;
  platform: NodeJS.Platform;
  /** Folder of the pictures. */
  pictures: string;
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

/** A picture, or null if there is none: an empty one would be an invisible indicator. */
function pictureOf({ nativeImage, pictures, logger }: SignParts, name: string): Electron.NativeImage | null {
  const image = nativeImage.createFromPath(join(pictures, name));
  if (!image.isEmpty()) return image;
  logger.warn('tray.no_picture', { name });
  return null;
}

function makeTray(parts: SignParts, open: () => void): Electron.Tray | null {
  const mac = parts.platform === 'darwin';
  // The name tells macOS that the picture is a template, to be drawn in the menu bar's colour.
  const picture = pictureOf(parts, mac ? 'trayTemplate.png' : 'tray.png');
  if (!picture) return null;
  try {
    const tray = new parts.Tray(picture);
    // On macOS a click opens the menu.
    if (!mac) tray.on('click', open);
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
  const { app, Menu, platform, logger } = parts;
  const tray = makeTray(parts, actions.open);
  const pictures = {
    read: platform === 'darwin' ? null : pictureOf(parts, 'tray.png'),
    unread: platform === 'darwin' ? null : pictureOf(parts, 'tray-unread.png'),
  };
  let texts = first;
  let messages = 0;
  let playing: NowPlaying | null = null;
  let call: TrayCall | null = null;
  let state: TrayState | null = null;
  let window: Electron.BrowserWindow | null = null;
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
    const picture = messages === 0 ? pictures.read : pictures.unread;
    if (platform === 'darwin') tray.setTitle(messages === 0 ? '' : String(messages));
    else if (picture) tray.setImage(picture);
  }

  /** The count on the app's own icon: Windows has only the overlay, and a badge would be drawn in the same place. */
  function showBadge(): void {
    if (platform !== 'win32') app.setBadgeCount(messages);
    else if (window && !window.isDestroyed()) window.setOverlayIcon(messages === 0 ? null : pictures.unread, words());
  }

  function setTrayMenu(): void {
    if (!tray || tray.isDestroyed()) return;
    // On Linux only a new menu shows other texts.
    tray.setContextMenu(Menu.buildFromTemplate(trayMenu({ call, playing, state }, texts, actions, () => app.quit())));
  }

  attempt('tray menu', setTrayMenu);
  attempt('tray', showTray);
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
    },
    hasTray: tray !== null,
    speak(next) {
      texts = next;
      attempt('tray menu', setTrayMenu);
      attempt('tray', showTray);
      if (platform === 'win32') attempt('badge', showBadge);
    },
    close() {
      if (tray && !tray.isDestroyed()) tray.destroy();
    },
  };
}
