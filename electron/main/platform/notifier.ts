import { Notification } from 'electron';
import type { Logger, Undo } from '../services/ports.ts';

export interface NotifierNotice {
  title: string;
  body: string;
}

/** Notification servers of Linux read tags in the body; a message is no markup. */
function withoutMarkup(text: string): string {
  return process.platform === 'linux' ? text.replaceAll('<', '‹').replaceAll('>', '›') : text;
}

/** Shows a notification of the system; the answer takes it away again. Does nothing where there are none. */
export function showNotification(notice: NotifierNotice, clicked: () => void, logger: Logger): Undo {
  if (!Notification.isSupported()) {
    logger.debug('notification.unsupported');
    return () => undefined;
  }
  const notification = new Notification({ title: notice.title, body: withoutMarkup(notice.body) });
  notification.on('click', clicked);
  notification.on('failed', () => logger.warn('notification.failed'));
  notification.show();
  return () => {
    notification.removeAllListeners();
    notification.close();
  };
}
