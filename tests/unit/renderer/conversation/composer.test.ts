import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { sends, type EnterKey } from '../../../../renderer/src/features/conversation/composer/keys.ts';
import { lengthState } from '../../../../renderer/src/features/conversation/composer/length.ts';
import {
  createTypingSignal,
  type TypingSignal,
} from '../../../../renderer/src/features/conversation/composer/typing-signal.ts';

const enter = (change: Partial<EnterKey> = {}): EnterKey => ({
  key: 'Enter',
  shiftKey: false,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  isComposing: false,
  keyCode: 13,
  ...change,
});

describe('sends', () => {
  it.each([
    ['Enter', {}, true, false],
    ['Shift+Enter', { shiftKey: true }, false, true],
    ['Ctrl+Enter', { ctrlKey: true }, true, true],
    ['Cmd+Enter', { metaKey: true }, true, true],
    ['Ctrl+Shift+Enter', { ctrlKey: true, shiftKey: true }, false, false],
    ['Alt+Enter', { altKey: true }, false, false],
    ['Enter of an input method', { isComposing: true }, false, false],
    ['Enter hidden by a platform', { keyCode: 229 }, false, false],
    ['another key', { key: 'a', keyCode: 65 }, false, false],
  ])('%s', (_name, change, whenEnterSends, otherwise) => {
    expect(sends(enter(change), true)).toBe(whenEnterSends);
    expect(sends(enter(change), false)).toBe(otherwise);
  });
});

describe('lengthState', () => {
  it.each([
    ['nothing', '', null, false],
    ['blanks', ' \n\t ', null, false],
    ['a letter', 'a', null, true],
    ['far from the limit', 'a'.repeat(3000), null, true],
    ['near the limit', 'a'.repeat(3950), 50, true],
    ['at the limit', 'a'.repeat(4000), 0, true],
    ['one past it', 'a'.repeat(4001), -1, false],
    ['blank lines before and blanks behind do not count', ` \n${'a'.repeat(4000)}\n `, 0, true],
    ['the first indentation does', ` ${'a'.repeat(4000)}`, -1, false],
    ['emojis count as one each', '😀'.repeat(3990), 10, true],
    ['an é counts as one, however it is spelled', 'e\u0301'.repeat(3990), 10, true],
    ['what composes to more counts as more', '\uFB2C'.repeat(1400), -200, false],
    ['only what cannot be seen', '\u200B'.repeat(10), null, false],
  ])('%s', (_name, text, left, sendable) => {
    expect(lengthState(text)).toEqual({ left, sendable });
  });
});

describe('createTypingSignal', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  function signal(): { told: string[]; signal: TypingSignal } {
    const told: string[] = [];
    const started = Date.now();
    const made = createTypingSignal(
      (on) => told.push(`${on ? 'typing' : 'stopped'} at ${String(Date.now() - started)}`),
      () => Date.now(),
    );
    return { told, signal: made };
  }

  it('speaks at once, again after 3 s of typing, and stops 4 s after the last key', () => {
    const { told, signal: one } = signal();
    for (let at = 0; at <= 5000; at += 500) {
      one.typed('text');
      if (at < 5000) vi.advanceTimersByTime(500);
    }
    vi.advanceTimersByTime(10_000);
    expect(told).toEqual(['typing at 0', 'typing at 3000', 'stopped at 9000']);
  });

  it('stops at once when the text is emptied or sent, and says so once', () => {
    const { told, signal: one } = signal();
    one.typed('a');
    one.typed('');
    one.stop();
    one.typed('b');
    one.stop();
    vi.advanceTimersByTime(10_000);
    expect(told).toEqual(['typing at 0', 'stopped at 0', 'typing at 0', 'stopped at 0']);
  });

  it('says nothing of blanks', () => {
    const { told, signal: one } = signal();
    one.typed('   ');
    vi.advanceTimersByTime(10_000);
    expect(told).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });
});
