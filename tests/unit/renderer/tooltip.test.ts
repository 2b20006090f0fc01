// @vitest-environment happy-dom
import { describe, expect, test } from 'vitest';
import {
  placeTooltip,
  tooltipAt,
  tooltipOf,
  type Box,
  type TooltipSide,
  type TooltipWords,
} from '../../../renderer/src/ui/tooltip.ts';

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

describe('where a tooltip stands', () => {
  const view = { left: 0, top: 0, width: 1000, height: 600 };
  const size = { width: 100, height: 24 };
  const middle = { left: 480, top: 280, width: 40, height: 40 };

  test.each<{ name: string; side: TooltipSide; anchor: Box; at: [left: number, top: number] }>([
    { name: 'below, in the middle', side: 'bottom', anchor: middle, at: [450, 326] },
    { name: 'above', side: 'top', anchor: middle, at: [450, 250] },
    { name: 'to the left', side: 'left', anchor: middle, at: [374, 288] },
    { name: 'to the right', side: 'right', anchor: middle, at: [526, 288] },
    { name: 'above where there is no room below', side: 'bottom', anchor: { ...middle, top: 540 }, at: [450, 510] },
    { name: 'below where there is no room above', side: 'top', anchor: { ...middle, top: 20 }, at: [450, 66] },
    { name: 'to the left of the right edge', side: 'right', anchor: { ...middle, left: 900 }, at: [794, 288] },
    { name: 'just fitting below', side: 'bottom', anchor: { ...middle, top: 522 }, at: [450, 568] },
    { name: 'inside of the left edge', side: 'bottom', anchor: { ...middle, left: 0 }, at: [8, 326] },
    { name: 'inside of the right edge', side: 'bottom', anchor: { ...middle, left: 960 }, at: [892, 326] },
    {
      name: 'with the wished side where there is room on neither',
      side: 'bottom',
      anchor: { left: 480, top: 5, width: 40, height: 575 },
      at: [450, 568],
    },
  ])('$name', ({ side, anchor, at }) => {
    const { left, top } = placeTooltip(side, anchor, size, view);
    expect([left, top]).toEqual(at);
  });

  test('what is wider than the window begins at its edge', () => {
    expect(placeTooltip('bottom', middle, { width: 2000, height: 24 }, view).left).toBe(8);
  });
});
