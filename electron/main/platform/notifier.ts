import type { Notification } from 'electron';
import { noticeBody, noticeTitle } from '../lib/system-text.ts';
import type { Logger, Disposer } from '../services/ports.ts';

export interface NotifierNotice {
  title: string;
  body: string;
}

export interface NotifyOptions {
  /** Buttons, where the system has them; elsewhere a click leads to what they would do. */
  actions?: readonly { text: string; run: () => void }[];
  /** It stays until it is answered, where the system allows that. */
  stays?: boolean;
  silent?: boolean;
}

/** Shows a system notification; a click calls `clicked`, and the disposer removes it. */
export type Notify = (notice: NotifierNotice, clicked: () => void, options?: NotifyOptions) => Disposer;

/** The longest failure reason worth logging, in characters. */
const LONGEST_REASON = 200;

/** System notifications. Does nothing where they are not supported. Needs a ready app. */
export function createNotifier(System: typeof Notification, platform: NodeJS.Platform, logger: Logger): Notify {
  return ({ title, body }, clicked, { actions = [], stays = false, silent = false } = {}) => {
    // Others take no buttons, and Electron says nothing about it.
    const hasButtons = platform === 'darwin' || platform === 'win32';
    if (!System.isSupported()) {
      logger.debug('notification.unsupported');
      return () => undefined;
    }
    const notification = new System({
      title: noticeTitle(title),
      body: noticeBody(body, platform),
      ...(silent ? { silent } : {}),
      ...(stays ? { timeoutType: 'never' as const } : {}),
      ...(hasButtons && actions.length > 0
        ? { actions: actions.map(({ text }) => ({ type: 'button' as const, text })) }
        : {}),
    });
    notification.on('click', clicked);
    notification.on('action', ({ actionIndex }) => actions[actionIndex]?.run());
    // The reason is the system's own, a text or a number; on Linux it is empty and goes to stderr.
    notification.on('failed', (_event, reason) => {
      logger.warn('notification.failed', { reason: reason.slice(0, LONGEST_REASON) });
    });
    notification.show();
    return () => {
      notification.removeAllListeners();
      notification.close();
    };
  };
}
