import { join } from 'node:path';
import type * as Electron from 'electron';
import type { NowPlaying, PLAYER_COMMANDS } from '#contract/ipc/music-views.ts';
import { errorName } from '../lib/emitter.ts';
import type { MainTexts } from '../lib/main-texts.ts';
import type { Logger } from '../services/ports.ts';

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

export type PlayerCommand = (typeof PLAYER_COMMANDS)[number];

/** The longest line of what plays, in characters: a menu is as wide as its longest one. */
const LONGEST_LINE = 60;

/** The current call in the tray's menu. */
export interface TrayCall {
  /** Of the person on the other side. */
  name: string;
  muted: boolean;
}

/** What the menu's items of a call do. */
export interface TrayCallActions {
  toggleMicrophone(): void;
  hangUp(): void;
}

export interface UnreadSigns {
  /** Shows the count on the tray, the badge and the taskbar. */
  show(messages: number, window: Electron.BrowserWindow | null): void;
  /** Shows what plays in the tray's menu, with the player's buttons; null: nothing does, and they are gone. */
  play(now: NowPlaying | null): void;
  /** Shows what can be done in the current call; null when there is none. */
  call(call: TrayCall | null): void;
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

/** As a menu shows it: an ampersand would underline the next letter. */
function plain(words: string): string {
  return words.replaceAll('&', '&&');
}

/** What plays, on one line. */
function playingLine({ title, artist }: NowPlaying): string {
  const line = artist === null ? title : `${title} – ${artist}`;
  const characters = [...line];
  const cut = characters.length > LONGEST_LINE ? `${characters.slice(0, LONGEST_LINE - 1).join('')}…` : line;
  return plain(cut);
}

/** The player's part of the menu. */
function playerItems(
  now: NowPlaying | null,
  texts: MainTexts,
  command: (command: PlayerCommand) => void,
): Electron.MenuItemConstructorOptions[] {
  if (!now) return [];
  return [
    { label: playingLine(now), enabled: false },
    { label: now.playing ? texts.pause : texts.play, click: () => command('toggle') },
    { label: texts.next, click: () => command('next') },
    { label: texts.previous, click: () => command('previous') },
    { type: 'separator' },
  ];
}

/**
 * Puts the app into the tray and shows there the unread count, also on the badge or on the taskbar, and what plays.
 * Needs a ready app.
 */
export function openUnreadSigns(
  parts: SignParts,
  open: () => void,
  command: (command: PlayerCommand) => void,
  first: MainTexts,
  actions: TrayCallActions,
): UnreadSigns {
  const { app, Menu, platform, logger } = parts;
  const tray = makeTray(parts, open);
  const pictures = {
    read: platform === 'darwin' ? null : pictureOf(parts, 'tray.png'),
    unread: platform === 'darwin' ? null : pictureOf(parts, 'tray-unread.png'),
  };
  let texts = first;
  let messages = 0;
  let playing: NowPlaying | null = null;
  let call: TrayCall | null = null;
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

  function callItems(): Electron.MenuItemConstructorOptions[] {
    if (!call) return [];
    const words = texts.call;
    return [
      { label: words.callWith(plain(call.name)), enabled: false },
      { label: call.muted ? words.unmute : words.mute, click: () => actions.toggleMicrophone() },
      { label: words.hangUp, click: () => actions.hangUp() },
      { type: 'separator' },
    ];
  }

  function setTrayMenu(): void {
    if (!tray || tray.isDestroyed()) return;
    // On Linux only a new menu shows other texts.
    tray.setContextMenu(
      Menu.buildFromTemplate([
        ...callItems(),
        ...playerItems(playing, texts, command),
        { label: texts.open, click: open },
        { type: 'separator' },
        { label: texts.menu.quit, click: () => app.quit() },
      ]),
    );
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
