// @vitest-environment happy-dom
import { describe, expect, test } from 'vitest';
import { tooltipAt, tooltipOf, type TooltipWords } from '../../../renderer/src/ui/tooltip.ts';

function button(attributes: Record<string, string>): HTMLElement {
  const element = document.createElement('button');
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}

describe('what a tooltip says', () => {
  test.each<{ name: string; attributes: Record<string, string>; words: TooltipWords | null }>([
    {
      name: 'words alone',
      attributes: { 'data-tooltip': 'Close' },
      words: { text: 'Close', keys: '', side: 'bottom' },
    },
    {
      name: 'keys and side',
      attributes: { 'data-tooltip': 'Find', 'data-tooltip-keys': 'Ctrl K', 'data-tooltip-side': 'top' },
      words: { text: 'Find', keys: 'Ctrl K', side: 'top' },
    },
    {
      name: 'a side that is none',
      attributes: { 'data-tooltip': 'Find', 'data-tooltip-side': 'behind' },
      words: { text: 'Find', keys: '', side: 'bottom' },
    },
    {
      name: 'markup, which stays text',
      attributes: { 'data-tooltip': '<b>' },
      words: { text: '<b>', keys: '', side: 'bottom' },
    },
    { name: 'no words', attributes: { 'data-tooltip': '' }, words: null },
    { name: 'no tooltip', attributes: {}, words: null },
    { name: 'what it opens is open', attributes: { 'data-tooltip': 'Emoji', 'aria-expanded': 'true' }, words: null },
    {
      name: 'what it opens is closed',
      attributes: { 'data-tooltip': 'Emoji', 'aria-expanded': 'false' },
      words: { text: 'Emoji', keys: '', side: 'bottom' },
    },
  ])('$name', ({ attributes, words }) => {
    expect(tooltipOf(button(attributes))).toEqual(words);
  });

  test('an event inside of an element is about it', () => {
    const close = button({ 'data-tooltip': 'Close' });
    const icon = close.appendChild(document.createElement('span'));
    expect(tooltipAt(icon)).toBe(close);
    expect(tooltipAt(document.body)).toBeNull();
    expect(tooltipAt(null)).toBeNull();
  });
});
