import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MessageContent } from '#contract/api/shared.ts';
import { comparePositions, pendingPosition, storedPosition } from '#contract/model/message-order.ts';
import { hasVisibleText, stripBidiControls } from '#contract/model/text.ts';

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
