// @vitest-environment happy-dom
import { describe, expect, it } from 'vitest';
import { h, render } from 'vue';
import type { Needles } from '../../../../contract/model/found.ts';
import { marksOf } from '../../../../renderer/src/features/conversation/text/found.ts';
import { MessageText } from '../../../../renderer/src/features/conversation/text/MessageText.ts';
import { parseText } from '../../../../renderer/src/features/conversation/text/parse.ts';

/** The message as it is drawn. */
function draw(text: string, needles: Needles | null): Element {
  const blocks = parseText(text);
  const marks = needles && marksOf(blocks, needles);
  const box = document.createElement('div');
  render(h(MessageText, { blocks, marks }), box);
  return box;
}

function marked(text: string, needles: Needles | null): string[] {
  return [...draw(text, needles).querySelectorAll('mark')].map((mark) => mark.textContent);
}

const word = (...phrase: string[]): Needles => ({ phrases: [phrase], prefix: null });

describe('what was found in a message', () => {
  it.each<[string, string, Needles | null, string[]]>([
    ['a word, whatever its case and accents', 'A Café, CAFE\u0301 and cafes', word('cafe'), ['Café', 'CAFE\u0301']],
    ['the beginning of a word', 'tea and Teapots', { phrases: [], prefix: 'teap' }, ['Teapots']],
    [
      'inside of bold, italic, code and links',
      '*tea* _tea_ `tea` https://tea.example',
      word('tea'),
      Array(4).fill('tea'),
    ],
    ['in a quote and a block of code', '> tea\n```\ntea\n```\nno', word('tea'), ['tea', 'tea']],
    ['a phrase that goes on in bold', 'more *tea* now', word('more', 'tea', 'now'), ['more ', 'tea', ' now']],
    ['no word made of two that a mark parts', '`te`a tea', word('tea'), ['tea']],
    ['nothing while nothing is searched', 'tea', null, []],
    ['nothing where there is nothing', 'cup', word('tea'), []],
  ])('is marked: %s', (_what, text, needles, expected) => {
    expect(marked(text, needles)).toEqual(expected);
  });

  it('leaves every character of the message where it was, markup of people included', () => {
    for (const text of [
      '<mark>tea</mark> <b>tea',
      'tea *tea `x` tea* > tea\n> tea',
      'https://tea.example/tea?tea=tea',
    ]) {
      expect(draw(text, word('tea')).textContent).toBe(draw(text, null).textContent);
      expect(draw(text, word('tea')).querySelectorAll('b')).toHaveLength(0);
    }
  });
});
