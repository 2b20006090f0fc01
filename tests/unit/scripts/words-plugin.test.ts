// @vitest-environment happy-dom
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createI18n } from 'vue-i18n';
import { LOCALES, pluralIndex, type Locale } from '../../../renderer/src/i18n/locale.ts';
import { i18n, setLocale } from '../../../renderer/src/i18n/index.ts';
import { readInput } from '../../../scripts/lint-i18n.ts';
import { compileCatalogue, compilePhrase } from '../../../scripts/lib/words-plugin.ts';
import renderer from '../../../vite.renderer.config.ts';

const ROOT = join(import.meta.dirname, '../../..');
const problems: string[] = [];
const { words } = readInput(ROOT, problems);

describe('a phrase becomes', () => {
  test.each([
    { text: 'Plain, with "quotes" and \\', source: '"Plain, with \\"quotes\\" and \\\\"' },
    { text: ' kept spaces ', source: '" kept spaces "' },
    { text: 'Hello {name}!', source: 'c=>c.normalize(["Hello ",v(c,"name"),"!"])' },
    { text: '{ name }', source: 'c=>c.normalize([v(c,"name")])' },
    { text: "as {'@'}{username}", source: 'c=>c.normalize(["as @",v(c,"username")])' },
    { text: "{'|'} {'{'}", source: '"| {"' },
    { text: 'one | many', source: 'c=>c.plural(["one","many"])' },
    {
      text: '{n} cat | {n} cats',
      source: 'c=>c.plural([c.normalize([v(c,"n")," cat"]),c.normalize([v(c,"n")," cats"])])',
    },
    { text: "a {'|'} b | c", source: 'c=>c.plural(["a | b","c"])' },
  ])('$source', ({ text, source }) => {
    expect(compilePhrase(text)).toBe(source);
  });

  test.each(['mail@example.org', '{', 'a } b', '{0-1}', '{{name}}', "{'open"])('no phrase: %s', (text) => {
    expect(() => compilePhrase(text)).toThrow('is no syntax of our catalogues');
  });
});

test('a catalogue that cannot be compiled names the key', () => {
  expect(() => compileCatalogue('{"a":{"b":"{"}}')).toThrow('a.b cannot be compiled');
  expect(() => compileCatalogue('{"a":{"b":3}}')).toThrow('a.b is neither a phrase nor a group');
});

/** The same words in vue-i18n's own compiler. */
function reference(locale: Locale) {
  return createI18n({
    legacy: false,
    locale,
    messages: { [locale]: Object.fromEntries(words[locale]) },
    flatJson: true,
    pluralRules: { [locale]: (count: number, forms: number) => pluralIndex(locale, count, forms) },
    missingWarn: false,
  }).global;
}

test.each(LOCALES)('every phrase says what vue-i18n would have made of it (%s)', async (locale) => {
  await setLocale(locale, locale);
  const its = reference(locale);
  const seen: string[] = [];
  let compared = 0;
  for (const [key, text] of words[locale]) {
    const names = [...text.matchAll(/\{\s*(\w+)\s*\}/g)].map((match) => match[1] ?? '');
    const values = Object.fromEntries(names.map((name) => [name, `<${name}>`]));
    for (const count of [0, 1, 2, 5, 21, 1.5]) {
      // Once with the count alone, as a badge says it; once with everything given.
      const pairs = [
        [i18n.global.t(key, count), its.t(key, count)],
        [i18n.global.t(key, values, count), its.t(key, values, count)],
        [i18n.global.t(key, {}), its.t(key, {})],
      ];
      for (const [ours, theirs] of pairs) if (ours !== theirs) seen.push(`${key}: ${String(ours)} / ${String(theirs)}`);
      compared += pairs.length;
    }
  }
  expect(seen).toEqual([]);
  expect(compared).toBeGreaterThan(5000);
  expect(problems).toEqual([]);
});

test.each(LOCALES)('what stays text needs no compiler (%s)', (locale) => {
  const plain = new Map<string, string>();
  const visit = (group: object, prefix: string): void => {
    for (const [name, value] of Object.entries(group) as [string, unknown][]) {
      const key = prefix === '' ? name : `${prefix}.${name}`;
      if (typeof value === 'object' && value !== null) visit(value, key);
      else if (typeof value === 'string') plain.set(key, value);
      else expect(typeof value).toBe('function');
    }
  };
  const catalogue: unknown = i18n.global.getLocaleMessage(locale);
  if (typeof catalogue !== 'object' || catalogue === null) throw new Error('no catalogue');
  visit(catalogue, '');
  expect(plain.size).toBeGreaterThan(200);
  expect(plain.size).toBeLessThan(words[locale].size);
  for (const [key, text] of plain) {
    expect(text).not.toMatch(/[{}|@]/);
    expect(text).toBe(words[locale].get(key));
  }
});

test('the product leaves the compiler out, the development server keeps it', () => {
  const flag = (command: 'build' | 'serve'): unknown =>
    renderer({ command, mode: 'production' }).define?.['__INTLIFY_DROP_MESSAGE_COMPILER__'];
  expect(flag('build')).toBe('true');
  expect(flag('serve')).toBe('false');
});
