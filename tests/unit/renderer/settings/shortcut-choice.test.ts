import { describe, expect, it } from 'vitest';
import { accountShortcut, shortcutOf, shortcutText } from '../../../../renderer/src/composables/shortcuts.ts';
import { keysOf, keysProblem, pressedText } from '../../../../renderer/src/features/settings/shortcut-choice.ts';

const keys = (code: string, more: { mod?: boolean; alt?: boolean; shift?: boolean } = {}) => ({
  ...{ code, mod: false, alt: false, shift: false },
  ...more,
});
const press = (code: string, more: Partial<KeyboardEvent> = {}) => ({
  ...{ key: '', code, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false },
  ...more,
});

describe('chosen keys', () => {
  const chosen = { palette: keys('KeyJ', { mod: true, shift: true }) };

  it('work in place of the usual ones, exactly as they were pressed', () => {
    expect(shortcutOf(press('KeyJ', { ctrlKey: true, shiftKey: true }), false, true, chosen)).toBe('palette');
    expect(shortcutOf(press('KeyJ', { ctrlKey: true }), false, true, chosen)).toBeNull();
    expect(shortcutOf(press('KeyK', { ctrlKey: true }), false, true, chosen)).toBeNull();
    expect(shortcutOf(press('KeyK', { ctrlKey: true }), false, true)).toBe('palette');
    expect(shortcutOf(press('KeyJ', { metaKey: true, shiftKey: true }), true, true, chosen)).toBe('palette');
  });

  it('are written as the platform does', () => {
    expect(shortcutText('palette', false, chosen)).toBe('Ctrl+Shift+J');
    expect(shortcutText('palette', true, chosen)).toBe('⇧⌘J');
    expect(shortcutText('newChat', false, chosen)).toBe('Ctrl+N');
    expect(pressedText(keys('ArrowUp', { alt: true }), true)).toBe('⌥↑');
    expect(accountShortcut(2, false)).toBe('Ctrl+3');
  });

  it('are read from a press, once it is more than a modifier', () => {
    expect(keysOf(press('ControlLeft', { ctrlKey: true }), false)).toBeNull();
    expect(keysOf(press('KeyJ', { ctrlKey: true, shiftKey: true }), false)).toEqual(chosen.palette);
    expect(keysOf(press('KeyJ', { metaKey: true }), true)).toEqual(keys('KeyJ', { mod: true }));
  });

  it.each([
    ['free', keys('KeyJ', { mod: true }), {}, null],
    ['its own', keys('KeyK', { mod: true }), {}, null],
    ['a function key', keys('F8'), {}, null],
    ['another one’s', keys('KeyN', { mod: true }), {}, 'newChat'],
    ['the digits of the accounts', keys('Digit4', { mod: true }), {}, 'account'],
    ['what another one was given', keys('KeyJ', { alt: true }), { find: keys('KeyJ', { alt: true }) }, 'find'],
    ['what another one gave up', keys('KeyF', { mod: true }), { find: keys('KeyJ', { alt: true }) }, null],
    ['a letter', keys('KeyJ'), {}, 'reserved'],
    ['a letter with Shift', keys('KeyJ', { shift: true }), {}, 'reserved'],
    ['copy', keys('KeyC', { mod: true }), {}, 'reserved'],
    ['quit', keys('KeyQ', { mod: true }), {}, 'reserved'],
    ['zoom', keys('Minus', { mod: true }), {}, 'reserved'],
    ['Enter', keys('Enter', { mod: true }), {}, 'reserved'],
    ['close', keys('F4', { alt: true }), {}, 'reserved'],
    ['no code at all', keys('<x>', { mod: true }), {}, 'reserved'],
  ] as const)('%s', (_what, wanted, others, expected) => {
    expect(keysProblem(wanted, 'palette', others)).toBe(expected);
  });
});
