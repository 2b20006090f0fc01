/** Texts of the tray, notifications and questions of the window, shown by main itself. */
export interface DesktopTexts {
  app: string;
  /** In place of a text that its user keeps private. */
  newMessage: string;
  replyPlaceholder: string;
  markRead: string;
  /** A trial of the notifications. */
  trial: string;
  trialText: string;
  online: string;
  connecting: string;
  offline: string;
  signedOut: string;
  pause: string;
  /** `time`: when it ends. */
  pausedUntil: (time: string) => string;
  half: string;
  hour: string;
  tomorrow: string;
  endPause: string;
  closing: string;
  closingText: string;
  keepRunning: string;
  cancel: string;
}

export const DESKTOP_EN: DesktopTexts = {
  app: 'Relay',
  newMessage: 'New message',
  replyPlaceholder: 'Reply',
  markRead: 'Mark as read',
  trial: 'This is a notification',
  trialText: 'New messages show up like this.',
  online: 'Connected',
  connecting: 'Connecting…',
  offline: 'No connection',
  signedOut: 'Signed out',
  pause: 'Do not disturb',
  pausedUntil: (time) => `Do not disturb until ${time}`,
  half: 'For 30 minutes',
  hour: 'For 1 hour',
  tomorrow: 'Until tomorrow morning',
  endPause: 'Turn off',
  closing: 'Keep Relay running?',
  closingText: 'It stays in the tray and notifies you of new messages and calls. You can change this in the settings.',
  keepRunning: 'Keep running',
  cancel: 'Cancel',
};

export const DESKTOP_RU: DesktopTexts = {
  app: 'Relay',
  newMessage: 'Новое сообщение',
  replyPlaceholder: 'Ответить',
  markRead: 'Отметить прочитанным',
  trial: 'Это уведомление',
  trialText: 'Так будут выглядеть новые сообщения.',
  online: 'Подключено',
  connecting: 'Подключение…',
  offline: 'Нет подключения',
  signedOut: 'Вход не выполнен',
  pause: 'Не беспокоить',
  pausedUntil: (time) => `Не беспокоить до ${time}`,
  half: '30 минут',
  hour: '1 час',
  tomorrow: 'До завтрашнего утра',
  endPause: 'Выключить',
  closing: 'Оставить Relay работать?',
  closingText: 'Он останется в трее и сообщит о новых сообщениях и звонках. Изменить это можно в настройках.',
  keepRunning: 'Оставить',
  cancel: 'Отмена',
};
