import { describe, expect, test } from 'vitest';
import { chatChange, chatMenu, tomorrowMorning } from '../../../../renderer/src/features/chats/chat-menu.ts';
import { chatView } from '../bridge-double.ts';

describe('the menu of a chat', () => {
  const now = new Date(2026, 10, 23, 14, 30).getTime();
  const menuIds = (chat: Parameters<typeof chatMenu>[0]) => chatMenu(chat, now, (key) => key).map((entry) => entry.id);

  test('offers what can be done, and its way back', () => {
    expect(menuIds(chatView('a'))).toEqual([
      'pin',
      'unread',
      'mute',
      'line',
      'archive',
      'here',
      'export-line',
      'export',
    ]);
    const other = chatView('a', { pinned: true, unread: 1, muted: { until: null }, archived: true });
    expect(menuIds(other)).toEqual(['unpin', 'read', 'unmute', 'line', 'unarchive', 'here', 'export-line', 'export']);
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

  test('every action of the menu asks for a change, but for reading and exporting', () => {
    const idle = ['read', 'line', 'mute', 'here', 'export-line', 'export'];
    const all = [chatView('a'), chatView('a', { pinned: true, muted: { until: null }, archived: true, unread: 1 })];
    for (const id of all.flatMap(menuIds)) if (!idle.includes(id)) expect(chatChange(id, now), id).not.toBeNull();
  });

  test('tomorrow begins after midnight at the end of a month too', () => {
    expect(tomorrowMorning(new Date(2026, 11, 31, 23, 59).getTime())).toBe(new Date(2027, 0, 1, 8).getTime());
  });
});
