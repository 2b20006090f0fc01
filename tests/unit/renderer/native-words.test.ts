/** The page's words and main's, as people who grew up with the language write them. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { mainTexts } from '../../../electron/main/lib/main-texts.ts';
import { flatten, readInput } from '../../../scripts/lint-i18n.ts';
import type { Locale } from '../../../renderer/src/i18n/locale.ts';

const problems: string[] = [];
const page = readInput(join(import.meta.dirname, '../../..'), problems).words;

/** All words of a language; what is made of values is said with some. */
function wordsOf(locale: Locale): [key: string, text: string][] {
  const { notStartedDetail, files, newMessages, call, desktop, ...rest } = mainTexts(locale);
  const counts = { files: files(2), newMessages: newMessages(2) };
  const main = flatten(
    {
      ...rest,
      ...counts,
      call: { ...call, callWith: call.callWith('Anna') },
      desktop: { ...desktop, pausedUntil: desktop.pausedUntil('9:00') },
      notStartedDetail: notStartedDetail('/data', 'disk full'),
    },
    problems,
    'main',
  );
  return [...page[locale], ...main];
}

function breaches(locale: Locale, rule: RegExp): string[] {
  return wordsOf(locale).flatMap(([key, text]) => (rule.test(text) ? [`${key}: ${text}`] : []));
}

test.each<[string, Locale, RegExp]>([
  [
    'contracts as people speak',
    'en',
    /\b(cannot|could not|(is|are|was|does|do|did|has|have|will) not\b(?! disturb)|(you|they|it) (are|is|will)\b(?! not))/i,
  ],
  ['says someone, no one and who', 'en', /\b(somebody|nobody|whom)\b/i],
  ['is spelled as in America', 'en', /\b(colour|recognise|favourite|licence)\b/i],
  ['speaks of emoji, one or many', 'en', /\bemojis\b/i],
  ['has typographic quotes and apostrophes', 'en', /"|(?<!\{)'(?!@|\})/],
  ['has typographic quotes', 'ru', /"|“|(?<!\{)'(?!@|\})/],
  ['has no hyphen for a dash', 'en', / - /],
  ['has no hyphen for a dash', 'ru', / - /],
  ['ends in a real ellipsis', 'en', /\.\.\./],
  ['ends in a real ellipsis', 'ru', /\.\.\./],
])('every sentence %s (%s)', (_, locale, rule) => {
  expect(breaches(locale, rule)).toEqual([]);
  expect(problems).toEqual([]);
});

test.each([
  ['auth.signIn.lead', 'en', /files|music|calls/i],
  ['auth.signIn.lead', 'ru', /файл|музык|звонк/i],
] as const)('%s (%s) promises nothing that this version lacks', (key, locale, promise) => {
  expect(page[locale].get(key)).toBeDefined();
  expect(page[locale].get(key)).not.toMatch(promise);
});
