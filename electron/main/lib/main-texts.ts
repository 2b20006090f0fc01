/** Texts that main shows itself, where no page can: the menus, the tray, notifications, dialogs. */
import type { SettingsView } from '#contract/ipc/views.ts';
import { type DesktopTexts, DESKTOP_EN, DESKTOP_RU } from './desktop-texts.ts';

export interface MainTexts {
  /** The language tag of these texts. */
  locale: string;
  crashed: string;
  crashedDetail: string;
  tryAgain: string;
  notStarted: string;
  /** `folder`: the user data folder. `problem`: the system's error. */
  notStartedDetail: (folder: string, problem: string) => string;
  open: string;
  /** In place of the text of a message that consists only of files. */
  files: (count: number) => string;
  newMessages: (count: number) => string;
  /** The player, in the tray's menu. */
  play: string;
  pause: string;
  next: string;
  previous: string;
  call: CallTexts;
  desktop: DesktopTexts;
  menu: MenuTexts;
}

/** Texts of calls outside the page. */
export interface CallTexts {
  incomingCall: string;
  incomingVideoCall: string;
  missedCall: string;
  accept: string;
  decline: string;
  callWith: (name: string) => string;
  /** The title of a call's small window. */
  inCall: string;
  mute: string;
  unmute: string;
  hangUp: string;
  /** The window is being closed in a call. */
  closeInCall: string;
  closeInCallDetail: string;
  stay: string;
}

/** Labels of all menu items. Electron's own are English, whatever the user's language. */
export interface MenuTexts {
  file: string;
  quit: string;
  edit: string;
  undo: string;
  redo: string;
  cut: string;
  copy: string;
  paste: string;
  selectAll: string;
  view: string;
  actualSize: string;
  zoomIn: string;
  zoomOut: string;
  fullScreen: string;
  reload: string;
  developerTools: string;
  about: string;
  services: string;
  hide: string;
  hideOthers: string;
  showAll: string;
  quitApp: string;
  window: string;
  minimize: string;
  zoom: string;
  close: string;
  bringAllToFront: string;
}

const EN: MainTexts = {
  locale: 'en',
  crashed: 'Relay keeps crashing',
  crashedDetail: 'Your messages are safe: what you’ve written is saved on this computer and will be sent.',
  tryAgain: 'Try again',
  notStarted: 'Relay couldn’t start',
  notStartedDetail: (folder, problem) =>
    `Your data is in ${folder}. Check that the disk isn’t full and that you’re allowed to write to this folder, then start Relay again.\n\n${problem}`,
  open: 'Open Relay',
  files: (count) => (count === 1 ? 'File' : `${String(count)} files`),
  newMessages: (count) => (count === 1 ? '1 unread message' : `${String(count)} unread messages`),
  play: 'Play',
  pause: 'Pause',
  next: 'Next track',
  previous: 'Previous track',
  call: {
    incomingCall: 'Incoming call',
    incomingVideoCall: 'Incoming video call',
    missedCall: 'Missed call',
    accept: 'Accept',
    decline: 'Decline',
    callWith: (name) => `Call with ${name}`,
    inCall: 'Call',
    mute: 'Mute microphone',
    unmute: 'Unmute microphone',
    hangUp: 'Hang up',
    closeInCall: 'You’re in a call',
    closeInCallDetail: 'Closing the window ends the call.',
    stay: 'Stay in the call',
  },
  desktop: DESKTOP_EN,
  menu: {
    file: 'File',
    quit: 'Quit',
    edit: 'Edit',
    undo: 'Undo',
    redo: 'Redo',
    cut: 'Cut',
    copy: 'Copy',
    paste: 'Paste',
    selectAll: 'Select All',
    view: 'View',
    actualSize: 'Actual Size',
    zoomIn: 'Zoom In',
    zoomOut: 'Zoom Out',
    fullScreen: 'Full Screen',
    reload: 'Reload',
    developerTools: 'Developer Tools',
    about: 'About Relay',
    services: 'Services',
    hide: 'Hide Relay',
    hideOthers: 'Hide Others',
    showAll: 'Show All',
    quitApp: 'Quit Relay',
    window: 'Window',
    minimize: 'Minimize',
    zoom: 'Zoom',
    close: 'Close Window',
    bringAllToFront: 'Bring All to Front',
  },
};

const RUSSIAN_FORMS: Record<string, string> = {
  one: 'непрочитанное сообщение',
  few: 'непрочитанных сообщения',
  many: 'непрочитанных сообщений',
  other: 'непрочитанного сообщения',
};

const RU: MainTexts = {
  locale: 'ru',
  crashed: 'Relay постоянно завершается с ошибкой',
  crashedDetail: 'Сообщения в безопасности: всё написанное сохранено на этом компьютере и будет отправлено.',
  tryAgain: 'Повторить',
  notStarted: 'Не удалось запустить Relay',
  notStartedDetail: (folder, problem) =>
    `Ваши данные находятся в папке ${folder}. Убедитесь, что на диске есть место и в эту папку разрешена запись, и запустите Relay снова.\n\n${problem}`,
  open: 'Открыть Relay',
  files: (count) => (count === 1 ? 'Файл' : `Файлы: ${String(count)}`),
  newMessages: (count) => `${String(count)} ${RUSSIAN_FORMS[new Intl.PluralRules('ru').select(count)] ?? ''}`,
  play: 'Играть',
  pause: 'Пауза',
  next: 'Следующий трек',
  previous: 'Предыдущий трек',
  call: {
    incomingCall: 'Входящий звонок',
    incomingVideoCall: 'Входящий видеозвонок',
    missedCall: 'Пропущенный звонок',
    accept: 'Ответить',
    decline: 'Отклонить',
    callWith: (name) => `Звонок: ${name}`,
    inCall: 'Звонок',
    mute: 'Выключить микрофон',
    unmute: 'Включить микрофон',
    hangUp: 'Завершить звонок',
    closeInCall: 'Идёт звонок',
    closeInCallDetail: 'Если закрыть окно, звонок завершится.',
    stay: 'Остаться в звонке',
  },
  desktop: DESKTOP_RU,
  menu: {
    file: 'Файл',
    quit: 'Выйти',
    edit: 'Правка',
    undo: 'Отменить',
    redo: 'Повторить',
    cut: 'Вырезать',
    copy: 'Копировать',
    paste: 'Вставить',
    selectAll: 'Выделить всё',
    view: 'Вид',
    actualSize: 'Фактический размер',
    zoomIn: 'Увеличить',
    zoomOut: 'Уменьшить',
    fullScreen: 'Полноэкранный режим',
    reload: 'Перезагрузить',
    developerTools: 'Инструменты разработчика',
    about: 'О программе Relay',
    services: 'Службы',
    hide: 'Скрыть Relay',
    hideOthers: 'Скрыть остальные',
    showAll: 'Показать все',
    quitApp: 'Завершить Relay',
    window: 'Окно',
    minimize: 'Свернуть',
    zoom: 'Изменить масштаб',
    close: 'Закрыть окно',
    bringAllToFront: 'Все окна — на передний план',
  },
};

/** The texts for a language tag; English if there are none. */
export function mainTexts(locale: string): MainTexts {
  return /^ru\b/i.test(locale) ? RU : EN;
}

/** The texts in the language that the user chose, else in the system's. */
export function chosenTexts(language: SettingsView['language'], systemLocale: string): MainTexts {
  return mainTexts(language === 'system' ? systemLocale : language);
}

const LANGUAGES: readonly unknown[] = ['en', 'ru'] satisfies SettingsView['language'][];

/**
 * The language in a stored document, until the settings are loaded; anything that is not a language means the system's.
 */
export function storedLanguage(document: Record<string, unknown>): SettingsView['language'] {
  const { language } = document;
  return LANGUAGES.includes(language) ? (language as SettingsView['language']) : 'system';
}
