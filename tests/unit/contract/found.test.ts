import { describe, expect, it } from 'vitest';
import { placesOf, type Needles } from '../../../contract/model/found.ts';

/** The text with brackets around each place. */
function show(text: string, phrases: string[][], prefix: string | null = null): string {
  const needles: Needles = { phrases, prefix };
  let shown = text;
  for (const { start, length } of placesOf(text, needles).reverse())
    shown = `${shown.slice(0, start)}[${shown.slice(start, start + length)}]${shown.slice(start + length)}`;
  return shown;
}

describe('the places of searched words in a text', () => {
  it.each<[string, string[][], string | null, string]>([
    ['A cup of Tea', [['tea']], null, 'A cup of [Tea]'],
    ['teapot, tea', [], 'tea', '[teapot], [tea]'],
    ['teapot, tea', [['tea']], null, 'teapot, [tea]'],
    ['Ёлка и ёлки', [], 'елк', '[Ёлка] и [ёлки]'],
    ['Cafe\u0301 — CAFÉ', [['cafe']], null, '[Cafe\u0301] — [CAFÉ]'],
    ['чай, чаи', [['чаи']], null, 'чай, [чаи]'],
    ['more tea, and tea', [['tea', 'and']], null, 'more [tea, and] tea'],
    ['tea tea tea', [['tea', 'tea']], null, '[tea tea] tea'],
    ['tea tea', [['tea'], ['tea', 'tea']], 't', '[tea tea]'],
    ['你好世界 👍', [['你', '好']], '👍', '[你好]世界 [👍]'],
    ['一。二，一二', [['一', '二']], null, '一。二，[一二]'],
    ['nothing', [], null, 'nothing'],
    ['', [['tea']], 'x', ''],
  ])('%j', (text, phrases, prefix, expected) => {
    expect(show(text, phrases, prefix)).toBe(expected);
  });
});
