import type { Notification } from 'electron';
import { noticeBody, noticeTitle } from '../lib/system-text.ts';
import type { Logger, Disposer } from '../services/ports.ts';

export interface NotifierNotice {
  title: string;
  body: string;
}

/** Shows a notification of the system; a click calls `clicked`, and the answer takes it away again. */
export type Notify = (notice: NotifierNotice, clicked: () => void) => Disposer;

/** The longest reason of a failure that is worth a line in the log. */
const LONGEST_REASON = 200;

/** The system's notifications. Does nothing where there are none. Needs a ready app. */
export function createNotifier(System: typeof Notification, platform: NodeJS.Platform, logger: Logger): Notify {
  return ({ title, body }, clicked) => {
    if (!System.isSupported()) {
      logger.debug('notification.unsupported');
      return () => undefined;
    }
    const notification = new System({ title: noticeTitle(title), body: noticeBody(body, platform) });
    notification.on('click', clicked);
    // The reason is the system's own, in its words or a number; on Linux it is empty and stands on stderr.
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
