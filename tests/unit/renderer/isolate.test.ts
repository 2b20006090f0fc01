// @vitest-environment happy-dom
import { mount } from '@vue/test-utils';
import { beforeEach, describe, expect, test } from 'vitest';
import { globSync, readFileSync } from 'node:fs';
import { typingWords } from '../../../renderer/src/features/conversation/typing-words.ts';
import { i18n, setLocale } from '../../../renderer/src/i18n/index.ts';
import { isolate, listed } from '../../../renderer/src/i18n/isolate.ts';
import { useWords } from '../../../renderer/src/i18n/use-words.ts';

const SOURCES = `${import.meta.dirname}/../../../renderer/src`;
const kept = (text: string): string => `\u2068${text}\u2069`;

/** The words as a component gets them. */
function words(): ReturnType<typeof useWords> {
  let found: ReturnType<typeof useWords> | undefined;
  mount({ setup: () => ((found = useWords()), () => null) }, { global: { plugins: [i18n] } });
  if (!found) throw new Error('not set up');
  return found;
}

beforeEach(() => setLocale('en', 'en-GB'));

describe('what people wrote, in a sentence', () => {
  test.each([
    ['Anna Bell', 'Anna Bell'],
    ['Анна 42', 'Анна 42'],
    ['上海', '上海'],
    ['', ''],
    ['מיכל 42', kept('מיכל 42')],
    ['(محمد)', kept('(محمد)')],
    ['Anna דנה', kept('Anna דנה')],
    ['𞤀𞤣', kept('𞤀𞤣')],
  ])('%j stands as %j', (name, shown) => {
    expect(isolate(name)).toBe(shown);
    const { t } = words();
    expect(t('conversation.begin', { name })).toBe(`This is the beginning of your conversation with ${shown}.`);
    expect(t('conversation.reactions.more', { names: name, n: '2' }, 2)).toBe(`${shown} and 2 more`);
  });

  test('each name of several keeps to itself', async () => {
    const users = ['מיכל', 'Anna', 'דנה'].map((name, n) => ({ id: String(n), name }));
    expect(listed(users.map(({ name }) => name))).toBe(`${kept('מיכל')}, Anna, ${kept('דנה')}`);
    expect(typingWords(users.slice(0, 2), false, words().t)).toBe(`${kept('מיכל')} and Anna are typing…`);
    await setLocale('ru', 'ru');
    expect(typingWords(users, false, words().t)).toContain(`${kept('מיכל')} `);
  });

  test('no screen takes its words past this', () => {
    const files = globSync('**/*.{ts,vue}', { cwd: SOURCES }).filter((name) => name !== 'i18n/use-words.ts');
    expect(files.length).toBeGreaterThan(100);
    const past = files.filter((name) =>
      /\{[^}]*\bt\b[^}]*\} = useI18n|i18n\.global\.t\b|\$t\(/.test(readFileSync(`${SOURCES}/${name}`, 'utf8')),
    );
    expect(past).toEqual([]);
  });
});
