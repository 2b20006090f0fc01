/** The words of an exported chat, which is read without the application. */

export interface ExportTexts {
  /** The tag of this language. */
  language: string;
  /** Names of the folder, and what is added to it while, or because, not everything is there. */
  folder: (title: string) => string;
  incomplete: string;
  /** At the top of each page. */
  exported: (when: string) => string;
  since: (day: string) => string;
  messages: (count: number) => string;
  notWhole: string;
  notWholeDetail: string;
  without: string;
  missingFile: string;
  reply: string;
  reactions: string;
  voice: string;
  page: (n: number, of: number) => string;
  earlier: string;
  later: string;
  nothing: string;
}

const plural = (language: string, forms: Partial<Record<Intl.LDMLPluralRule, string>>) => (count: number) =>
  `${new Intl.NumberFormat(language).format(count)} ${forms[new Intl.PluralRules(language).select(count)] ?? ''}`;

const EN: ExportTexts = {
  language: 'en',
  folder: (title) => `Chat with ${title}`,
  incomplete: '(incomplete)',
  exported: (when) => `Exported on ${when}`,
  since: (day) => `Messages since ${day}`,
  messages: plural('en', { one: 'message', other: 'messages' }),
  notWhole: 'This export is incomplete',
  notWholeDetail:
    'The connection or the disk failed before everything was there. Export the chat again to have all of it.',
  without: 'Not included in this export',
  missingFile: 'This file couldn’t be fetched',
  reply: 'In reply to',
  reactions: 'Reactions',
  voice: 'Voice message',
  page: (n, of) => `Page ${String(n)} of ${String(of)}`,
  earlier: 'Earlier messages',
  later: 'Later messages',
  nothing: 'There are no messages in this period.',
};

const RU: ExportTexts = {
  language: 'ru',
  folder: (title) => `Чат — ${title}`,
  incomplete: '(не полностью)',
  exported: (when) => `Экспортировано ${when}`,
  since: (day) => `Сообщения с ${day}`,
  messages: plural('ru', { one: 'сообщение', few: 'сообщения', many: 'сообщений', other: 'сообщения' }),
  notWhole: 'Экспорт неполный',
  notWholeDetail: 'Связь прервалась или на диске кончилось место. Чтобы получить всё, экспортируйте чат ещё раз.',
  without: 'Не включено в этот экспорт',
  missingFile: 'Этот файл не удалось получить',
  reply: 'В ответ на',
  reactions: 'Реакции',
  voice: 'Голосовое сообщение',
  page: (n, of) => `Страница ${String(n)} из ${String(of)}`,
  earlier: 'Более ранние сообщения',
  later: 'Более поздние сообщения',
  nothing: 'За этот период сообщений нет.',
};

/** The words for a language tag; English if there are none. */
export function exportTexts(locale: string): ExportTexts {
  return /^ru\b/i.test(locale) ? RU : EN;
}
