import { describe, expect, it } from 'vitest';
import { MessageContent } from '#contract/api/shared.ts';
import { CHANNEL_SCHEMAS } from '#contract/ipc/schemas.ts';
import {
  characterCount,
  firstCharacters,
  hasVisibleText,
  isStorableText,
  LONGEST_COMPOSED,
  stripBidiControls,
} from '#contract/model/text.ts';

describe('text', () => {
  it.each([
    ['', false],
    ['   \n\t', false],
    ['\u200b\u200d\ufeff', false],
    ['\u3164\u2800', false],
    ['\u034F', false],
    ['\uFE0F', false],
    ['\u{E0100}', false],
    ['\u115F\u1160\uFFA0\u00AD', false],
    ['\u{E0041}\u{E007F}', false],
    ['a', true],
    ['👍', true],
    ['\u200b.', true],
  ])('%j is visible: %s', (text, visible) => {
    expect(hasVisibleText(text)).toBe(visible);
  });

  it('takes a message at its limit and refuses one past it', () => {
    expect(MessageContent.safeParse('a'.repeat(4000)).success).toBe(true);
    expect(MessageContent.safeParse('a'.repeat(4001)).success).toBe(false);
    expect(MessageContent.safeParse('👨‍👩‍👧'.repeat(4000)).success).toBe(false);
    expect(MessageContent.safeParse('a\0').success).toBe(false);
    expect(MessageContent.safeParse('\udc00').success).toBe(false);
  });

  it.each([
    ['an é that is spelled as two', 'e\u0301'.repeat(4000), 4000, true],
    ['one more', 'e\u0301'.repeat(4001), 4001, false],
    ['a letter that is always spelled as three', '\uFB2C'.repeat(1333), 3999, true],
    ['one more of those', '\uFB2C'.repeat(1334), 4002, false],
  ])('counts %s as the form counts it, for the page, the bridge and the wire', (_what, text, count, fits) => {
    expect(characterCount(text)).toBe(count);
    expect(MessageContent.safeParse(text).success).toBe(fits);
    const input = { accountId: 'a', chatId: 'c', text, replyTo: null };
    expect(CHANNEL_SCHEMAS['messages.send'].input.safeParse(input).success).toBe(fits);
  });

  it.each([
    ['a short text', 'abc', 5, 'abc'],
    ['one at the limit', 'abcde', 5, 'abcde'],
    ['one past it', 'abcdef', 5, 'abcde'],
    ['no emoji is cut in two', '😀😀😀', 2, '😀😀'],
    ['what is longer than its code units', '\uFB2C\uFB2C', 3, '\uFB2C'.normalize('NFC')],
  ])('keeps the beginning: %s', (_what, text, max, beginning) => {
    expect(firstCharacters(text, max)).toBe(beginning);
  });

  it('strips what reorders its neighbours', () => {
    expect(stripBidiControls('gpj\u202e.exe')).toBe('gpj.exe');
  });

  it('may be so long without being counted: what composes to three for each unit', () => {
    expect(LONGEST_COMPOSED).toBe(3);
    expect(characterCount('\uFB2C')).toBe(LONGEST_COMPOSED);
    expect(firstCharacters('abc', 9)).toBe('abc');
    // As it was given where it fits, composed only where it is cut.
    expect(firstCharacters('e\u0301e\u0301', 2)).toBe('e\u0301e\u0301');
    expect(firstCharacters('e\u0301e\u0301e\u0301', 2)).toBe('éé');
  });

  it.each([
    ['plain', true],
    ['\ud83d\ude00', true],
    ['\ud83d', false],
    ['a\0', false],
  ])('%j can be stored: %s', (text, storable) => {
    expect(isStorableText(text)).toBe(storable);
  });
});
