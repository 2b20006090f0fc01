// @vitest-environment happy-dom
import { describe, expect, test } from 'vitest';
import { tooltipAt, tooltipOf } from '../../../renderer/src/ui/tooltip.ts';

function drawn(html: string): HTMLElement {
  document.body.innerHTML = html;
  const element = document.body.firstElementChild;
  if (!(element instanceof HTMLElement)) throw new Error('nothing was drawn');
  return element;
}

describe('what a tooltip says', () => {
  test.each([
    { name: 'words alone', attributes: 'data-tooltip="Close"', words: { text: 'Close', keys: '', side: 'bottom' } },
    {
      name: 'keys and side',
      attributes: 'data-tooltip="Find" data-tooltip-keys="Ctrl K" data-tooltip-side="top"',
      words: { text: 'Find', keys: 'Ctrl K', side: 'top' },
    },
    {
      name: 'a side that is none',
      attributes: 'data-tooltip="Find" data-tooltip-side="behind"',
      words: { text: 'Find', keys: '', side: 'bottom' },
    },
    {
      name: 'markup, which stays text',
      attributes: 'data-tooltip="&lt;b&gt;"',
      words: { text: '<b>', keys: '', side: 'bottom' },
    },
    { name: 'no words', attributes: 'data-tooltip=""', words: null },
    { name: 'no tooltip', attributes: '', words: null },
    { name: 'what it opens is open', attributes: 'data-tooltip="Emoji" aria-expanded="true"', words: null },
    {
      name: 'what it opens is closed',
      attributes: 'data-tooltip="Emoji" aria-expanded="false"',
      words: { text: 'Emoji', keys: '', side: 'bottom' },
    },
  ])('$name', ({ attributes, words }) => {
    expect(tooltipOf(drawn(`<button ${attributes}></button>`))).toEqual(words);
  });

  test('an event inside of an element is about it', () => {
    const button = drawn('<button data-tooltip="Close"><svg><path /></svg></button>');
    expect(tooltipAt(button.querySelector('path'))).toBe(button);
    expect(tooltipAt(document.body)).toBeNull();
    expect(tooltipAt(null)).toBeNull();
  });
});
