import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MessageContent } from '#contract/api/shared.ts';
import { CHANNEL_SCHEMAS } from '#contract/ipc/schemas.ts';
import { comparePositions, pendingPosition, storedPosition } from '#contract/model/message-order.ts';
import { characterCount, firstCharacters, hasVisibleText, stripBidiControls } from '#contract/model/text.ts';

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
});

describe('the order of messages', () => {
  const place = fc.oneof(
    fc
      .record({ at: fc.integer({ min: 0, max: 5 }), id: fc.constantFrom('a', 'b', 'c') })
      .map(({ at, id }) => storedPosition(at, id)),
    fc
      .record({ n: fc.integer({ min: 1, max: 5 }), id: fc.constantFrom('x', 'y') })
      .map(({ n, id }) => pendingPosition(n, id)),
  );

  it('is total: antisymmetric and transitive', () => {
    fc.assert(
      fc.property(place, place, place, (a, b, c) => {
        expect(Math.sign(comparePositions(a, b))).toBe(0 - Math.sign(comparePositions(b, a)));
        if (comparePositions(a, b) <= 0 && comparePositions(b, c) <= 0)
          expect(comparePositions(a, c)).toBeLessThanOrEqual(0);
      }),
    );
  });

  it('puts what has not left after everything stored, in the order of writing', () => {
    const farFuture = storedPosition(Date.UTC(9999, 0), 'm');
    expect(comparePositions(farFuture, pendingPosition(1, 'a'))).toBeLessThan(0);
    expect(comparePositions(pendingPosition(1, 'z'), pendingPosition(2, 'a'))).toBeLessThan(0);
  });
});
