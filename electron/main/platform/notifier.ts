import type { NativeImage, nativeImage, Notification } from 'electron';
import type { DesktopSettings } from '#contract/ipc/desktop-views.ts';
import { noticeBody, noticeTitle } from '../lib/system-text.ts';
import type { Logger, Disposer } from '../services/ports.ts';

export interface NotifierNotice {
  title: string;
  body: string;
}

export interface NotifyOptions {
  /** Buttons, where the system has them; elsewhere a click leads to what they would do. */
  actions?: readonly { text: string; run: () => void }[];
  /** A field for an answer, where the system has one. */
  reply?: { placeholder: string; run: (text: string) => void };
  /** It stays until it is answered, where the system allows that. */
  stays?: boolean;
  silent?: boolean;
  sound?: DesktopSettings['noticeSound'];
  /** A notification of the same key replaces the one before it, where the system can do that. */
  key?: string;
  /** Shown together with others of the same group. */
  group?: string;
  /** A picture of whoever it is about: the bytes of a PNG or a JPEG. */
  picture?: Uint8Array | null;
  /** The system did not show it. */
  notShown?: (why: 'system_failed' | 'unsupported') => void;
}

/** Shows a system notification; a click calls `clicked`, and the disposer removes it. */
export type Notify = (notice: NotifierNotice, clicked: () => void, options?: NotifyOptions) => Disposer;

/** The longest failure reason worth logging, in characters. */
const LONGEST_REASON = 200;
/** Sounds that macOS has, by their file's name. */
const MAC_SOUNDS: Partial<Record<DesktopSettings['noticeSound'], string>> = { glass: 'Glass', ping: 'Ping' };

/** True where notifications have buttons and a field for an answer. Electron says nothing about it. */
export function hasNoticeButtons(platform: NodeJS.Platform): boolean {
  return platform === 'darwin' || platform === 'win32';
}

function constructorOptions(
  { title, body }: NotifierNotice,
  options: NotifyOptions,
  platform: NodeJS.Platform,
  icon: NativeImage | null,
): Electron.NotificationConstructorOptions {
  const { actions = [], reply, stays = false, silent = false, sound = 'system', key, group } = options;
  const hasButtons = hasNoticeButtons(platform);
  const macSound = platform === 'darwin' ? MAC_SOUNDS[sound] : undefined;
  return {
    title: noticeTitle(title),
    body: noticeBody(body, platform),
    ...(key === undefined ? {} : { id: key }),
    ...(group === undefined ? {} : { groupId: group }),
    ...(icon ? { icon } : {}),
    ...(silent || sound === 'none' ? { silent: true } : {}),
    ...(macSound === undefined ? {} : { sound: macSound }),
    ...(stays ? { timeoutType: 'never' as const } : {}),
    ...(hasButtons && reply ? { hasReply: true, replyPlaceholder: reply.placeholder } : {}),
    ...(hasButtons && actions.length > 0
      ? { actions: actions.map(({ text }) => ({ type: 'button' as const, text })) }
      : {}),
  };
}

/** What a notification is made of. */
export interface NotifierParts {
  Notification: typeof Notification;
  nativeImage: Pick<typeof nativeImage, 'createFromBuffer'>;
  platform: NodeJS.Platform;
  logger: Logger;
}

/** System notifications. Does nothing where they are not supported. Needs a ready app. */
export function createNotifier({ Notification: System, nativeImage, platform, logger }: NotifierParts): Notify {
  /** Null for what the system cannot decode: an empty picture would be a hole. */
  function iconOf(picture: Uint8Array | null | undefined): NativeImage | null {
    if (!picture) return null;
    const image = nativeImage.createFromBuffer(Buffer.from(picture));
    return image.isEmpty() ? null : image;
  }

  return (notice, clicked, options = {}) => {
    const { actions = [], reply, notShown } = options;
    if (!System.isSupported()) {
      logger.debug('notification.unsupported');
      notShown?.('unsupported');
      return () => undefined;
    }
    const notification = new System(constructorOptions(notice, options, platform, iconOf(options.picture)));
    notification.on('click', clicked);
    notification.on('action', ({ actionIndex }) => actions[actionIndex]?.run());
    notification.on('reply', (details) => {
      // Nothing was written: the user wants the chat.
      if (details.reply.trim() === '') clicked();
      else reply?.run(details.reply);
    });
    // The reason is the system's own, a text or a number; on Linux it is empty and goes to stderr.
    notification.on('failed', (_event, reason) => {
      logger.warn('notification.failed', { reason: reason.slice(0, LONGEST_REASON) });
      notShown?.('system_failed');
    });
    notification.show();
    // The reference is held until then: without it Windows cannot remove what lies in the notification center.
    return () => {
      notification.removeAllListeners();
      notification.close();
    };
  };
}
