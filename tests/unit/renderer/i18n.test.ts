// @vitest-environment happy-dom
import { describe, expect, test } from 'vitest';
import { createApp, nextTick } from 'vue';
import { createI18n } from 'vue-i18n';
import { flatten, FAMILIES, lintWords, readInput, type LintInput } from '../../../scripts/lint-i18n.ts';
import { LOCALES } from '../../../renderer/src/i18n/locale.ts';
import { i18n, setLocale } from '../../../renderer/src/i18n/index.ts';
import { useWords } from '../../../renderer/src/i18n/use-words.ts';

const ROOT = `${import.meta.dirname}/../../..`;

function input(
  en: Record<string, string>,
  ru: Record<string, string>,
  code: string,
  families: LintInput['families'] = {},
): LintInput {
  return {
    words: { en: new Map(Object.entries(en)), ru: new Map(Object.entries(ru)) },
    sources: new Map([['file.vue', code]]),
    families,
  };
}

describe('the lint of words', () => {
  test.each([
    { name: 'in order', en: { 'a.b': 'x' }, ru: { 'a.b': 'y' }, code: "t('a.b')", want: [] },
    { name: 'missing', en: { 'a.b': 'x' }, ru: {}, code: "t('a.b')", want: ['a.b: missing in ru'] },
    { name: 'missing the other way', en: {}, ru: { 'a.b': 'x' }, code: "t('a.b')", want: ['a.b: missing in en'] },
    { name: 'empty', en: { 'a.b': ' ' }, ru: { 'a.b': 'y' }, code: "t('a.b')", want: ['a.b: empty in en'] },
    {
      name: 'unused',
      en: { 'a.b': 'x' },
      ru: { 'a.b': 'y' },
      code: "t('a.c.d.e')".slice(0, 0),
      want: ['a.b: used nowhere'],
    },
    { name: 'named in data', en: { 'a.b': 'x' }, ru: { 'a.b': 'y' }, code: 'const KEY = { one: `a.b` }', want: [] },
    {
      name: 'unknown',
      en: { 'a.b': 'x' },
      ru: { 'a.b': 'y' },
      code: `t('a.b') + t("a.c")`,
      want: ['file.vue: "a.c" is in no language'],
    },
    {
      name: 'unknown in data',
      en: { 'a.b.c': 'x' },
      ru: { 'a.b.c': 'y' },
      code: "['a.b.c', 'a.b.d']",
      want: ['file.vue: "a.b.d" is in no language'],
    },
    {
      name: 'a channel’s name is no key',
      en: { 'a.b': 'x' },
      ru: { 'a.b': 'y' },
      code: "t('a.b'); input<'a.create'>()",
      want: [],
    },
    {
      name: 'placeholders',
      en: { 'a.b': '{n} of {m}' },
      ru: { 'a.b': '{n}' },
      code: "t('a.b')",
      want: ['a.b: placeholders differ: en {m, n}, ru {n}'],
    },
    {
      name: 'a literal is no placeholder',
      en: { 'a.b': "{'@'}{x}" },
      ru: { 'a.b': '{x}' },
      code: "t('a.b')",
      want: [],
    },
    {
      name: 'plural forms',
      en: { 'a.b': 'x | y' },
      ru: { 'a.b': 'x | y' },
      code: "t('a.b')",
      want: ['a.b: ru has 2 plural forms, not 3'],
    },
    {
      name: 'one language counts',
      en: { 'a.b': 'x' },
      ru: { 'a.b': 'x | y | z' },
      code: "t('a.b')",
      want: ['a.b: en has 1 plural forms, not 2'],
    },
    {
      name: 'made of parts',
      en: { 'a.b': 'x' },
      ru: { 'a.b': 'y' },
      code: "t('a.b'); t(`a.${code}`)",
      want: ['file.vue: "a.…" is made of parts but is no family'],
    },
  ])('$name', ({ en, ru, code, want }) => {
    expect(
      lintWords(input(en as unknown as Record<string, string>, ru as unknown as Record<string, string>, code)),
    ).toEqual(want);
  });

  test('a family answers its codes and no others', () => {
    const words = { 'f.one': 'x', 'f.three': 'y' };
    expect(lintWords(input(words, words, 't(`f.${code}`)', { f: ['one', 'two'] }))).toEqual([
      'f.three: no such code (en)',
      'f.three: no such code (ru)',
      'f.two: missing in en',
      'f.two: missing in ru',
    ]);
  });

  test('what is neither text nor a group is told by its key', () => {
    const problems: string[] = [];
    expect(flatten({ a: { b: 'x', c: 3 }, d: null }, problems)).toEqual(new Map([['a.b', 'x']]));
    expect(problems).toEqual(['a.c is not a group of words', 'd is not a group of words']);
  });

  test('the page’s own words are in order', () => {
    const problems: string[] = [];
    const real = readInput(ROOT, problems);
    expect([...problems, ...lintWords(real)]).toEqual([]);
    expect(real.words.en.size).toBeGreaterThan(200);
    expect(Object.keys(FAMILIES)).toEqual([
      ...['errors', 'fields', 'states', 'desktop.silences', 'desktop.limits', 'desktop.phases'],
      ...['desktop.trays', 'desktop.autostarts', 'desktop.told'],
      ...['desktop.updates.off', 'desktop.updates.phases', 'desktop.updates.problems'],
    ]);
  });
});

describe('the words', () => {
  test('every text can be compiled and takes its placeholders', () => {
    const problems: string[] = [];
    const { words } = readInput(ROOT, problems);
    const seen: string[] = [];
    for (const locale of LOCALES) {
      const messages = Object.fromEntries(words[locale]);
      const probe = createI18n({
        legacy: false,
        locale,
        messages: { [locale]: messages },
        flatJson: true,
        missingWarn: false,
      });
      for (const [key, text] of words[locale]) {
        const names = [...text.matchAll(/\{\s*(\w+)\s*\}/g)].map((match) => match[1] ?? '');
        const shown = probe.global.t(key, Object.fromEntries(names.map((name) => [name, `<${name}>`])), 1);
        if (shown === key || /[{}|]/.test(shown)) seen.push(`${locale} ${key}: ${shown}`);
      }
    }
    expect(seen).toEqual([]);
  });

  test('counted phrases follow the language, live', async () => {
    await setLocale('en', 'en-GB');
    const { t } = i18n.global;
    expect(document.documentElement.lang).toBe('en');
    expect([1, 2, 21].map((n) => t('common.unread', n))).toEqual([
      '1 unread message',
      '2 unread messages',
      '21 unread messages',
    ]);
    await setLocale('ru', 'en-GB');
    expect(document.documentElement.lang).toBe('ru');
    expect([1, 3, 5, 11, 21].map((n) => t('common.unread', n))).toEqual([
      '1 непрочитанное сообщение',
      '3 непрочитанных сообщения',
      '5 непрочитанных сообщений',
      '11 непрочитанных сообщений',
      '21 непрочитанное сообщение',
    ]);
    expect(t('people.startText', { username: 'nina' })).toContain('@nina');
  });
});

describe('phrases on the screen', () => {
  test('change with the language, and come once their catalogue has them', async () => {
    await setLocale('en', 'en-GB');
    const told = (): string => host.textContent ?? '';
    const host = document.createElement('div');
    const app = createApp({
      setup() {
        const { t } = useWords();
        return () => `${t('common.cancel')}/${t('late.phrase')}/${t('late.named', { name: 'Anna' })}`;
      },
    });
    app.use(i18n).mount(host);
    expect(told()).toBe('Cancel/late.phrase/late.named');
    const { en } = i18n.global.messages.value as Record<string, Record<string, unknown>>;
    i18n.global.setLocaleMessage('en', { ...en, late: { phrase: 'Better late', named: 'Hello {name}' } });
    await nextTick();
    expect(told()).toBe('Cancel/Better late/Hello Anna');
    await setLocale('ru', 'en-GB');
    await nextTick();
    expect(told()).toMatch(/^Отмена\//);
    await setLocale('en', 'en-GB');
    await nextTick();
    expect(told()).toMatch(/^Cancel\/Better late/);
    app.unmount();
  });
});
