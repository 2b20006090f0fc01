import { describe, expect, test } from 'vitest';
import { piecesOf } from '../../../renderer/src/composables/marks.ts';
import { plainWords } from '../../../renderer/src/composables/search-filters.ts';
import { rank, ranked } from '../../../renderer/src/features/palette/rank.ts';
import { oneLine, previewOf } from '../../../renderer/src/features/chats/preview.ts';
import { chatChange, chatMenu, tomorrowMorning } from '../../../renderer/src/features/chats/chat-menu.ts';
import { accountOf, accountShortcut, shortcutOf, shortcutText } from '../../../renderer/src/composables/shortcuts.ts';
import { isLoopback } from '../../../renderer/src/features/auth/server-probe.ts';
import { toneOf, initialsOf } from '../../../renderer/src/ui/avatar.ts';
import { visibleRange } from '../../../renderer/src/ui/virtual-range.ts';
import { chatView } from './bridge-double.ts';

describe('marks in an excerpt', () => {
  const text = 'one two three';
  test.each([
    { name: 'none', marks: [], want: ['one two three'] },
    { name: 'one', marks: [{ start: 4, length: 3 }], want: ['one ', '[two]', ' three'] },
    {
      name: 'at both ends',
      marks: [
        { start: 0, length: 3 },
        { start: 8, length: 5 },
      ],
      want: ['[one]', ' two ', '[three]'],
    },
    {
      name: 'out of order',
      marks: [
        { start: 8, length: 5 },
        { start: 0, length: 3 },
      ],
      want: ['[one]', ' two ', '[three]'],
    },
    {
      name: 'overlapping',
      marks: [
        { start: 0, length: 5 },
        { start: 3, length: 4 },
      ],
      want: ['[one two]', ' three'],
    },
    {
      name: 'one within another',
      marks: [
        { start: 0, length: 7 },
        { start: 2, length: 2 },
      ],
      want: ['[one two]', ' three'],
    },
    { name: 'past the end', marks: [{ start: 8, length: 99 }], want: ['one two ', '[three]'] },
    { name: 'wholly outside', marks: [{ start: 50, length: 2 }], want: ['one two three'] },
    {
      name: 'negative',
      marks: [
        { start: -4, length: 7 },
        { start: 4, length: -1 },
      ],
      want: ['[one]', ' two three'],
    },
  ])('$name', ({ marks, want }) => {
    expect(piecesOf(text, marks).map((piece) => (piece.found ? `[${piece.text}]` : piece.text))).toEqual(want);
  });
});

test.each([
  ['anna from:ben report', 'anna report'],
  ['from:"ben carter" report', 'report'],
  ['has:file', ''],
  ['FROM:me  x', 'x'],
  ['http://in:here', 'http://in:here'],
])('plain words of %s', (query, want) => {
  expect(plainWords(query)).toBe(want);
});

describe('the palette’s ranking', () => {
  test.each([
    ['Anna Sokolova', 'anna', 4],
    ['Anna Sokolova', 'soko', 3],
    ['Anna Sokolova', 'sok an', 3],
    ['Anna Sokolova', 'kolo', 2],
    ['Anna Sokolova', 'asv', 1],
    ['Anna Sokolova', 'xyz', 0],
    ['Настройки', 'НАСТ', 4],
    ['Anything', '', 1],
  ])('%s for %s: %d', (text, query, want) => {
    expect(rank(text, query)).toBe(want);
  });

  test('best first, equal ones in their order, no more than wanted', () => {
    const found = ranked(['banana', 'Anna B', 'Anna A', 'Diana'], 'ana', (text) => text, 3);
    expect(found).toEqual(['banana', 'Diana', 'Anna B']);
  });
});

describe('the second line of a row', () => {
  const last = { key: 'm', mine: true, senderName: 'Me', text: 'a\n  b', files: 0, at: 1, state: 'read' as const };
  test('somebody types', () => {
    expect(previewOf(chatView('a', { last, draft: 'x' }), [{ name: 'Ann' }], false)).toEqual({
      kind: 'typing',
      names: ['Ann'],
    });
  });
  test('a draft, but not in the open chat', () => {
    expect(previewOf(chatView('a', { last, draft: ' x\ny ' }), [], false)).toEqual({ kind: 'draft', text: 'x y' });
    expect(previewOf(chatView('a', { last, draft: 'x' }), [], true).kind).toBe('message');
    expect(previewOf(chatView('a', { last, draft: '   ' }), [], false).kind).toBe('message');
  });
  test('a failure before the message', () => {
    expect(previewOf(chatView('a', { last, failed: 2 }), [], false)).toEqual({ kind: 'failed', count: 2 });
  });
  test('the message on one line, with a state only for one’s own', () => {
    const mine = { kind: 'message', text: 'a b', sender: null, mine: true, state: 'read', files: 0 };
    expect(previewOf(chatView('a', { last }), [], false)).toEqual(mine);
    const theirs = previewOf(chatView('a', { last: { ...last, mine: false, senderName: 'Ann' } }), [], false);
    expect(theirs).toMatchObject({ state: null, sender: null });
  });
  test('the sender where several people write', () => {
    const chat = chatView('a', { peer: null, last: { ...last, mine: false, senderName: 'Ann' } });
    expect(previewOf(chat, [], false)).toMatchObject({ sender: 'Ann' });
  });
  test('nothing yet', () => {
    expect(previewOf(chatView('a'), [], false)).toEqual({ kind: 'empty' });
  });
  test('a long text is cut before it is worked on', () => {
    expect(oneLine('word '.repeat(100_000)).length).toBeLessThanOrEqual(400);
  });
});

describe('the menu of a chat', () => {
  const now = new Date(2026, 10, 23, 14, 30).getTime();
  const menuIds = (chat: Parameters<typeof chatMenu>[0]) => chatMenu(chat, now, (key) => key).map((entry) => entry.id);

  test('offers what can be done, and its way back', () => {
    expect(menuIds(chatView('a'))).toEqual(['pin', 'unread', 'mute', 'line', 'archive', 'here']);
    const other = chatView('a', { pinned: true, unread: 1, muted: { until: null }, archived: true });
    expect(menuIds(other)).toEqual(['unpin', 'read', 'unmute', 'line', 'unarchive', 'here']);
    expect(menuIds(chatView('a', { muted: { until: now - 1 } }))).toContain('mute');
  });

  test.each([
    ['pin', { pinned: true }],
    ['unpin', { pinned: false }],
    ['archive', { archived: true }],
    ['unarchive', { archived: false }],
    ['unread', { markedUnread: true }],
    ['unmute', { muted: null }],
    ['mute-hour', { muted: { until: now + 3_600_000 } }],
    ['mute-eight', { muted: { until: now + 8 * 3_600_000 } }],
    ['mute-tomorrow', { muted: { until: new Date(2026, 10, 24, 8).getTime() } }],
    ['mute-forever', { muted: { until: null } }],
    ['read', null],
  ])('%s', (choice, want) => {
    expect(chatChange(choice, now)).toEqual(want);
  });

  test('every action of the menu asks for a change, but for reading', () => {
    const idle = ['read', 'line', 'mute', 'here'];
    const all = [chatView('a'), chatView('a', { pinned: true, muted: { until: null }, archived: true, unread: 1 })];
    for (const id of all.flatMap(menuIds)) if (!idle.includes(id)) expect(chatChange(id, now), id).not.toBeNull();
  });

  test('tomorrow begins after midnight at the end of a month too', () => {
    expect(tomorrowMorning(new Date(2026, 11, 31, 23, 59).getTime())).toBe(new Date(2027, 0, 1, 8).getTime());
  });
});

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
    { name: 'Ctrl+1', event: press('Digit1', { ctrlKey: true }), mac: false, field: true, want: 'account' },
    {
      name: 'Ctrl+2 with a layout that writes é there',
      event: press('Digit2', { ctrlKey: true }, 'é'),
      mac: false,
      field: true,
      want: 'account',
    },
    { name: 'Cmd+9', event: press('Digit9', { metaKey: true }), mac: true, field: false, want: 'account' },
    { name: 'Ctrl+0', event: press('Digit0', { ctrlKey: true }), mac: false, field: false, want: null },
    { name: '1', event: press('Digit1'), mac: false, field: false, want: null },
    {
      name: 'Ctrl+Shift+1',
      event: press('Digit1', { ctrlKey: true, shiftKey: true }),
      mac: false,
      field: false,
      want: null,
    },
  ])('$name', ({ event, mac, field, want }) => {
    expect(shortcutOf(event, mac, field)).toBe(want);
  });

  test('are written as the computer writes them', () => {
    expect(shortcutText('palette', false)).toBe('Ctrl+K');
    expect(shortcutText('palette', true)).toBe('⌘K');
    expect(shortcutText('nextChat', false)).toBe('Alt+↓');
    expect(shortcutText('nextChat', true)).toBe('⌥↓');
    expect(shortcutText('back', false)).toBe('Esc');
    expect(shortcutText('account', false)).toBe('Ctrl+1…9');
  });

  test('lead to the accounts in their order, the first nine', () => {
    expect(['Digit1', 'Digit2', 'Digit9'].map((code) => accountOf({ code }))).toEqual([0, 1, 8]);
    expect([0, 8, 9].map((index) => accountShortcut(index, false))).toEqual(['Ctrl+1', 'Ctrl+9', undefined]);
    expect(accountShortcut(1, true)).toBe('⌘2');
  });
});

test.each([
  ['http://localhost:3000', true],
  ['http://127.0.0.1', true],
  ['http://[::1]:3000', true],
  ['http://relay.localhost', true],
  ['http://127.0.0.1.example.org', false],
  ['http://localhost.example.org', false],
  ['https://relay.example.org', false],
  ['nonsense', false],
])('%s on this computer: %s', (url, want) => {
  expect(isLoopback(url)).toBe(want);
});

describe('avatars', () => {
  test.each([
    ['Anna Sokolova', 'AS'],
    ['anna', 'A'],
    ['Анна Мария Белова', 'АБ'],
    ['anna.sokolova', 'AS'],
    ['🦊 Fox', 'F'],
    ['(Anna) [B]', 'AB'],
    ['"Quoted" Name', 'QN'],
    ['7 of Nine', '7N'],
    ['🦊 🐻', '🦊'],
    ['हिंदी', 'हिं'],
    ['👨‍👩‍👧', '👨‍👩‍👧'],
    ['', ''],
    ['...', ''],
    ['e\u0301mile', '\u00C9'],
  ])('%s: %s', (name, want) => {
    expect(initialsOf(name)).toBe(want);
  });

  test('a colour stays, and all eight are used', () => {
    const hues = Array.from({ length: 400 }, (_, index) => toneOf(`clx${String(index)}`));
    expect(new Set(hues)).toEqual(new Set([1, 2, 3, 4, 5, 6, 7, 8]));
    expect(toneOf('clx1234567890abcdefgh')).toBe(toneOf('clx1234567890abcdefgh'));
  });
});

test.each([
  { scrollTop: 0, count: 1000, want: [0, 16] },
  { scrollTop: 640, count: 1000, want: [4, 26] },
  { scrollTop: 63_360, count: 1000, want: [984, 1000] },
  { scrollTop: 999_999, count: 10, want: [10, 10] },
  { scrollTop: -50, count: 3, want: [0, 3] },
  { scrollTop: 0, count: 0, want: [0, 0] },
])('rows at $scrollTop of $count', ({ scrollTop, count, want }) => {
  const { start, end } = visibleRange({ scrollTop, viewport: 640, rowHeight: 64, count, overscan: 6 });
  expect([start, end]).toEqual(want);
});
