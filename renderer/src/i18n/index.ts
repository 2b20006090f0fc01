/**
 * The page's words. A catalogue is loaded when its language is wanted; keys are nested by feature, and
 * `scripts/lint-i18n.ts` holds the languages complete, so there is no fallback from one language to another.
 */
import { ref } from 'vue';
import { createI18n } from 'vue-i18n';
import { formatLocale, pluralIndex, type Locale } from './locale.ts';

type Catalogue = Record<string, unknown>;

const CATALOGUES: Record<Locale, () => Promise<Catalogue[]>> = {
  en: () => loadAll([import('./en.json'), import('./conversation.en.json')]),
  ru: () => loadAll([import('./ru.json'), import('./conversation.ru.json')]),
};

async function loadAll(parts: Promise<{ default: Catalogue }>[]): Promise<Catalogue[]> {
  return (await Promise.all(parts)).map((part) => part.default);
}

/** The tag that dates and numbers are written by. */
export const formatTag = ref('en');

export const i18n = createI18n({
  legacy: false,
  locale: 'en',
  messages: {},
  missingWarn: false,
  fallbackWarn: false,
  pluralRules: {
    en: (count, forms) => pluralIndex('en', count, forms),
    ru: (count, forms) => pluralIndex('ru', count, forms),
  },
});

const loaded = new Set<Locale>();

/** Begins to load the words of a language that will probably be spoken; `setLocale` finds them on their way. */
export async function fetchStrings(locale: Locale): Promise<void> {
  await CATALOGUES[locale]();
}

/** Speaks `locale` from now on: loads its words, then switches everything at once, the document's language included. */
export async function setLocale(locale: Locale, systemLocale: string): Promise<void> {
  if (!loaded.has(locale)) {
    const parts = await CATALOGUES[locale]();
    i18n.global.setLocaleMessage(locale, Object.assign({}, ...parts));
    loaded.add(locale);
  }
  i18n.global.locale.value = locale;
  formatTag.value = formatLocale(locale, systemLocale);
  document.documentElement.lang = locale;
}
