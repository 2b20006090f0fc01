/** Which language the page speaks, and how that language counts. Pure. */
import type { SettingsView } from '#contract/ipc/views.ts';
import { madeOnce } from './made-once.ts';

/** The languages whose catalogues are complete. */
export const LOCALES = ['en', 'ru'] as const;
export type Locale = (typeof LOCALES)[number];

/**
 * The page's language: the one that was chosen, else the system's where there is a catalogue for it, else English.
 * `systemLocale` is a BCP 47 tag.
 */
export function pickLocale(language: SettingsView['language'], systemLocale: string): Locale {
  if (language !== 'system') return language;
  const base = systemLocale.toLowerCase().split(/[-_]/)[0];
  return LOCALES.find((locale) => locale === base) ?? 'en';
}

/**
 * The tag for dates and numbers: the system's own region where it speaks the chosen language (so en-GB keeps its
 * 24 hours), else the language alone.
 */
export function formatLocale(locale: Locale, systemLocale: string): string {
  const tag = systemLocale.replaceAll('_', '-');
  if (!tag.toLowerCase().startsWith(locale)) return locale;
  try {
    return Intl.getCanonicalLocales(tag)[0] ?? locale;
  } catch (error) {
    // A system may report a tag such as "en.UTF-8" that is none: the language alone is right then.
    if (error instanceof RangeError) return locale;
    throw error;
  }
}

/** How many forms a counted phrase has in each language, in the order they stand between the bars. */
export const PLURAL_FORMS: Record<Locale, readonly Intl.LDMLPluralRule[]> = {
  en: ['one', 'other'],
  ru: ['one', 'few', 'many'],
};

const rulesOf = madeOnce((locale: Locale) => new Intl.PluralRules(locale));

/** The index of the form for `count` in a phrase of `forms` forms: one form serves every count. */
export function pluralIndex(locale: Locale, count: number, forms: number): number {
  if (forms < 2) return 0;
  const rule = rulesOf(locale).select(Math.abs(count));
  const index = PLURAL_FORMS[locale].indexOf(rule);
  // Russian "other" is for fractions only, and takes the "few" form: "1,5 часа".
  return Math.min(index === -1 ? 1 : index, forms - 1);
}
