// @vitest-environment happy-dom
import { mount } from '@vue/test-utils';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Statistics } from '#contract/api/admin.ts';
import TopReactions from '../../../../renderer/src/features/admin/TopReactions.vue';
import { i18n, setLocale } from '../../../../renderer/src/i18n/index.ts';

beforeEach(() => setLocale('en', 'en-US'));
const show = (top: NonNullable<Statistics['topReactions']>) =>
  mount(TopReactions, { props: { top }, global: { plugins: [i18n] } });
const emojis = [
  { emoji: '👍', count: 1200 },
  { emoji: '🎉', count: 300 },
];

describe('the reactions that are chosen most', () => {
  test('have bars in proportion to the first, and their numbers', async () => {
    const view = show({ among: 1517, emojis });
    expect(view.findAll('.filled').map((bar) => bar.attributes('width'))).toEqual(['100', '25']);
    expect(view.findAll('li').map((row) => row.text())).toEqual(['👍1,200', '🎉300']);
    expect(view.find('.note').text()).toBe('1,517 in all');
    await setLocale('ru', 'ru-RU');
    expect(show({ among: 1517, emojis }).find('.note').text()).toBe('Всего 1\u00a0517');
  });

  test('are none where nobody reacted', () => {
    const view = show({ among: 0, emojis: [] });
    expect(view.text()).toContain('No reactions yet');
    expect(view.find('ul').exists()).toBe(false);
  });
});
