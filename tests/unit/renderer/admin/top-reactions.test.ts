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
  test('have bars in proportion to the first, and their numbers', () => {
    const view = show({ among: 1500, isAll: true, emojis });
    expect(view.findAll('.filled').map((bar) => bar.attributes('width'))).toEqual(['100', '25']);
    expect(view.findAll('li').map((row) => row.text())).toEqual(['👍1,200', '🎉300']);
    expect(view.text()).not.toContain('latest');
  });

  test('say so where only the latest were looked at', () => {
    expect(show({ among: 5000, isAll: false, emojis }).text()).toContain('Among the latest 5,000');
  });

  test('are none where nobody reacted', () => {
    const view = show({ among: 0, isAll: true, emojis: [] });
    expect(view.text()).toContain('No reactions yet');
    expect(view.find('ul').exists()).toBe(false);
  });
});
