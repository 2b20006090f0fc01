/** Chooses the page's language, and its plural rules. Pure. */
import type { SettingsView } from '#contract/ipc/views.ts';
import { madeOnce } from './made-once.ts';

/** Languages with complete catalogues. */
export const LOCALES = ['en', 'ru'] as const;
export type Locale = (typeof LOCALES)[number];

/**
 * The page's language: the chosen one, otherwise the system's if there is a catalogue for it, otherwise English.
 * `systemLocale` is a BCP 47 tag.
 */
export function pickLocale(language: SettingsView['language'], systemLocale: string): Locale {
  if (language !== 'system') return language;
  const base = systemLocale.toLowerCase().split(/[-_]/)[0];
  return LOCALES.find((locale) => locale === base) ?? 'en';
}

/**
 * The tag for dates and numbers: the system's regional tag if it is for the chosen language (so that en-GB keeps its
 * 24-hour clock), otherwise the language alone.
 */
export function formatLocale(locale: Locale, systemLocale: string): string {
  const tag = systemLocale.replaceAll('_', '-');
  if (!tag.toLowerCase().startsWith(locale)) return locale;
  try {
    return Intl.getCanonicalLocales(tag)[0] ?? locale;
  } catch (error) {
    // A system may report an invalid tag such as "en.UTF-8": use the language alone.
    if (error instanceof RangeError) return locale;
    throw error;
  }
}

/** The plural forms of each language, in the order they are separated by bars. */
export const PLURAL_FORMS: Record<Locale, readonly Intl.LDMLPluralRule[]> = {
  en: ['one', 'other'],
  ru: ['one', 'few', 'many'],
};

const rulesOf = madeOnce((locale: Locale) => new Intl.PluralRules(locale));

/** The index of the form for `count` in a phrase with `forms` forms; a single form covers every count. */
export function pluralIndex(locale: Locale, count: number, forms: number): number {
  if (forms < 2) return 0;
  const rule = rulesOf(locale).select(Math.abs(count));
  const index = PLURAL_FORMS[locale].indexOf(rule);
  // Russian "other" applies to fractions only and takes the "few" form: "1,5 часа".
  return Math.min(index === -1 ? 1 : index, forms - 1);
}
