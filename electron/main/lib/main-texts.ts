/** The few words that main says itself, where no page can. */

export interface MainTexts {
  crashed: string;
  crashedDetail: string;
  tryAgain: string;
  quit: string;
  open: string;
  file: string;
  edit: string;
  view: string;
  /** In the place of the words of a message that is files alone. */
  files: (count: number) => string;
  newMessages: (count: number) => string;
}

const EN: MainTexts = {
  crashed: 'The window keeps failing',
  crashedDetail: 'Your messages are safe: what you wrote is stored on this computer and will be sent.',
  tryAgain: 'Try again',
  quit: 'Quit',
  open: 'Open Relay',
  file: 'File',
  edit: 'Edit',
  view: 'View',
  files: (count) => (count === 1 ? 'File' : `${String(count)} files`),
  newMessages: (count) => (count === 1 ? '1 unread message' : `${String(count)} unread messages`),
};

const RUSSIAN_FORMS: Record<string, string> = {
  one: 'непрочитанное сообщение',
  few: 'непрочитанных сообщения',
  many: 'непрочитанных сообщений',
  other: 'непрочитанного сообщения',
};

const RU: MainTexts = {
  crashed: 'Окно снова и снова закрывается из-за ошибки',
  crashedDetail: 'Сообщения целы: всё написанное хранится на этом компьютере и будет отправлено.',
  tryAgain: 'Попробовать ещё раз',
  quit: 'Выйти',
  open: 'Открыть Relay',
  file: 'Файл',
  edit: 'Правка',
  view: 'Вид',
  files: (count) => (count === 1 ? 'Файл' : `Файлы: ${String(count)}`),
  newMessages: (count) => `${String(count)} ${RUSSIAN_FORMS[new Intl.PluralRules('ru').select(count)] ?? ''}`,
};

/** The words for a language tag; English where there are none. */
export function mainTexts(locale: string): MainTexts {
  return locale.toLowerCase().startsWith('ru') ? RU : EN;
}
