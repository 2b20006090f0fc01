// @vitest-environment happy-dom
import { afterEach, describe, expect, test } from 'vitest';
import { guardComposition } from '../../../renderer/src/ui/composition.ts';

let end: (() => void) | undefined;
afterEach(() => end?.());

describe('while an input method composes', () => {
  const heard: string[] = [];
  function press(init: KeyboardEventInit & { keyCode?: number }): void {
    const event = new KeyboardEvent('keydown', { bubbles: true, cancelable: true, ...init });
    if (init.keyCode !== undefined) Object.defineProperty(event, 'keyCode', { value: init.keyCode });
    document.body.dispatchEvent(event);
    expect(event.defaultPrevented).toBe(false);
  }

  test.each([
    ['Enter chooses a word', { key: 'Enter', isComposing: true }, []],
    ['Escape gives one up', { key: 'Escape', isComposing: true }, []],
    ['an arrow walks through candidates', { key: 'ArrowDown', isComposing: true }, []],
    ['a key that was taken', { key: 'Process', keyCode: 229 }, []],
    ['a key of ours', { key: 'Enter' }, ['Enter', 'Enter']],
  ])('%s', (_name, init, want) => {
    heard.length = 0;
    end = guardComposition();
    const hear = (event: KeyboardEvent): void => void heard.push(event.key);
    const controller = new AbortController();
    window.addEventListener('keydown', hear, { capture: true, signal: controller.signal });
    document.body.addEventListener('keydown', hear, { signal: controller.signal });
    press(init);
    controller.abort();
    expect(heard).toEqual(want);
  });
});
