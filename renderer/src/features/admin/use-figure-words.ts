/** The names of figures, weekdays and steps, and numbers as each figure has them. */
import { formatTag } from '../../i18n/index.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { useWords } from '../../i18n/use-words.ts';
import type { Figure } from './figures.ts';

/** A Monday: weekdays are counted from it. */
const MONDAY = Date.UTC(2024, 0, 1);
const DAY_MS = 86_400_000;

export function useFigureWords() {
  const { t } = useWords();
  const format = useFormat();
  const dated = (at: number, options: Intl.DateTimeFormatOptions): string =>
    new Intl.DateTimeFormat(formatTag.value, options).format(at);
  return {
    name(figure: Figure): string {
      switch (figure) {
        case 'messages':
          return t('admin.figure.messages');
        case 'users':
          return t('admin.figure.users');
        case 'calls':
          return t('admin.figure.calls');
        case 'storage':
          return t('admin.figure.storage');
        case 'online':
          return t('admin.figure.online');
      }
    },
    /** What its plot shows. */
    title(figure: Figure): string {
      switch (figure) {
        case 'messages':
          return t('admin.plot.messages');
        case 'users':
          return t('admin.plot.users');
        case 'calls':
          return t('admin.plot.calls');
        case 'storage':
          return t('admin.plot.storage');
        case 'online':
          return t('admin.plot.online');
      }
    },
    value: (figure: Figure, value: number): string =>
      figure === 'storage' ? format.bytes(value) : format.number(value),
    /** Short: "1.2K". */
    scale: (figure: Figure, value: number): string =>
      figure === 'storage'
        ? format.bytes(value)
        : new Intl.NumberFormat(formatTag.value, { notation: 'compact', maximumFractionDigits: 1 }).format(value),
    /** A day, or the week that begins with it. */
    step: (at: number, hours: number, now: number): string =>
      hours > 24 ? t('admin.weekOf', { date: format.date(at, now) }) : format.day(at, now),
    short: (at: number): string => dated(at, { day: 'numeric', month: 'short' }),
    /** @param day from 0, Monday. */
    weekday: (day: number, width: 'short' | 'long'): string =>
      dated(MONDAY + day * DAY_MS, { weekday: width, timeZone: 'UTC' }),
    /** Two hours of the day. */
    hours: (from: number): string =>
      `${dated(from * 3_600_000, { hour: 'numeric', minute: '2-digit', timeZone: 'UTC' })} – ${dated(((from + 2) % 24) * 3_600_000, { hour: 'numeric', minute: '2-digit', timeZone: 'UTC' })}`,
  };
}
