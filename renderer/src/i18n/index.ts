/**
 * The page's strings. A catalogue is loaded when its language is needed; keys are nested by feature, and
 * `scripts/lint-i18n.ts` keeps the languages complete, so there is no fallback language.
 */
import { ref } from 'vue';
import { createI18n } from 'vue-i18n';
import { formatLocale, pluralIndex, type Locale } from './locale.ts';

type Catalogue = Record<string, unknown>;

const CATALOGUES: Record<Locale, () => Promise<Catalogue[]>> = {
  en: () =>
    loadAll([
      import('./en.json'),
      import('./conversation.en.json'),
      import('./files.en.json'),
      import('./music.en.json'),
      import('./player.en.json'),
      import('./calls.en.json'),
      import('./admin.en.json'),
      import('./desktop.en.json'),
      import('./keep.en.json'),
    ]),
  ru: () =>
    loadAll([
      import('./ru.json'),
      import('./conversation.ru.json'),
      import('./files.ru.json'),
      import('./music.ru.json'),
      import('./player.ru.json'),
      import('./calls.ru.json'),
      import('./admin.ru.json'),
      import('./desktop.ru.json'),
      import('./keep.ru.json'),
    ]),
};

async function loadAll(parts: Promise<{ default: Catalogue }>[]): Promise<Catalogue[]> {
  return (await Promise.all(parts)).map((part) => part.default);
}

/** The language tag for dates and numbers. */
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

/** Preloads the strings of a language that will probably be used; `setLocale` then finds them loading. */
export async function fetchStrings(locale: Locale): Promise<void> {
  await CATALOGUES[locale]();
}

/** Switches to `locale`: loads its strings, then updates everything at once, including the document's language. */
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
