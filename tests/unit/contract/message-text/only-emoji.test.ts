import { expect, it } from 'vitest';
import { isOnlyEmoji } from '#contract/model/message-text/only-emoji.ts';

it.each([
  ['one', '😀', true],
  ['three', '😀😀😀', true],
  ['four', '😀😀😀😀', false],
  ['none', '', false],
  ['spaces alone', '  ', false],
  ['with a letter', '😀a', false],
  ['with so much space behind it', `😀${' '.repeat(61)}`, true],
  ['with a space more', `😀${' '.repeat(62)}`, false],
])('emoji, %s: %s', (_what, text, only) => {
  expect(isOnlyEmoji(text)).toBe(only);
});
