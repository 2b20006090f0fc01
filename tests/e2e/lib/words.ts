/** The product's own words, so that a test names what a person sees and follows when a sentence is mended. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export type Language = 'en' | 'ru';

const FOLDER = join(import.meta.dirname, '../../../renderer/src/i18n');

function load(language: Language): Map<string, string> {
  const words = new Map<string, string>();
  const add = (prefix: string, value: unknown): void => {
    if (typeof value === 'string') words.set(prefix, value);
    else if (typeof value === 'object' && value !== null)
      for (const [key, inner] of Object.entries(value)) add(prefix === '' ? key : `${prefix}.${key}`, inner);
  };
  for (const part of ['', 'conversation.', 'files.', 'music.', 'player.', 'calls.', 'desktop.', 'keep.', 'admin.'])
    add('', JSON.parse(readFileSync(join(FOLDER, `${part}${language}.json`), 'utf8')));
  return words;
}

const CATALOGUES: Record<Language, Map<string, string>> = { en: load('en'), ru: load('ru') };

/** Every key with its words. */
export function catalogue(language: Language): ReadonlyMap<string, string> {
  return CATALOGUES[language];
}

/** The words of a key with its placeholders filled. Throws for a key that is not there. */
export function say(language: Language, key: string, values: Record<string, string | number> = {}): string {
  const words = CATALOGUES[language].get(key);
  if (words === undefined) throw new Error(`no words for ${key} in ${language}`);
  return words.replace(/\{(\w+)\}/g, (hole, name: string) => String(values[name] ?? hole));
}
