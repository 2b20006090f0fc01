import { describe, expect, test } from 'vitest';
import { shortcutOf, shortcutText } from '../../../../renderer/src/composables/shortcuts.ts';

describe('shortcuts', () => {
  const press = (
    code: string,
    more: Partial<Record<'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey', boolean>> = {},
    key = code,
  ) => ({
    code,
    key,
    ctrlKey: false,
    metaKey: false,
    altKey: false,
    shiftKey: false,
    ...more,
  });
  test.each([
    { name: 'Ctrl+K', event: press('KeyK', { ctrlKey: true }), mac: false, field: true, want: 'palette' },
    {
      name: 'Ctrl+K with a Russian layout',
      event: press('KeyK', { ctrlKey: true }, 'л'),
      mac: false,
      field: true,
      want: 'palette',
    },
    { name: 'Command+K on a Mac', event: press('KeyK', { metaKey: true }), mac: true, field: false, want: 'palette' },
    { name: 'Ctrl+K on a Mac', event: press('KeyK', { ctrlKey: true }), mac: true, field: false, want: null },
    {
      name: 'Ctrl+Shift+K',
      event: press('KeyK', { ctrlKey: true, shiftKey: true }),
      mac: false,
      field: false,
      want: null,
    },
    { name: 'Ctrl+F in a field', event: press('KeyF', { ctrlKey: true }), mac: false, field: true, want: 'find' },
    { name: 'Cmd+F', event: press('KeyF', { metaKey: true }), mac: true, field: true, want: 'find' },
    { name: '/ outside a field', event: press('Slash', {}, '/'), mac: false, field: false, want: 'search' },
    { name: '/ in a field', event: press('Slash', {}, '/'), mac: false, field: true, want: null },
    {
      name: 'Shift+7 that writes /',
      event: press('Digit7', { shiftKey: true }, '/'),
      mac: false,
      field: false,
      want: 'search',
    },
    {
      name: 'Alt+Down in a field',
      event: press('ArrowDown', { altKey: true }),
      mac: false,
      field: true,
      want: 'nextChat',
    },
    { name: 'Down', event: press('ArrowDown'), mac: false, field: false, want: null },
    { name: 'Esc in a field', event: press('Escape'), mac: false, field: true, want: 'back' },
    { name: 'K', event: press('KeyK'), mac: false, field: false, want: null },
  ])('$name', ({ event, mac, field, want }) => {
    expect(shortcutOf(event, mac, field)).toBe(want);
  });

  test('are written as the computer writes them', () => {
    expect(shortcutText('palette', false)).toBe('Ctrl+K');
    expect(shortcutText('palette', true)).toBe('⌘K');
    expect(shortcutText('nextChat', false)).toBe('Alt+↓');
    expect(shortcutText('nextChat', true)).toBe('⌥↓');
    expect(shortcutText('back', false)).toBe('Esc');
  });
});
