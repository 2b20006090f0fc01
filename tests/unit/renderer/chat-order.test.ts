import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  chatsIn,
  compareChats,
  isMuted,
  matchesChat,
  mergeChats,
  type Folder,
} from '../../../renderer/src/stores/account/chat-order.ts';
import { chatView, userView } from './bridge-double.ts';

const ids = (list: readonly { id: string }[]) => list.map((chat) => chat.id).join(' ');

describe('the order of the list', () => {
  test('pinned first, then the newest, and the id where all is equal', () => {
    const list = [
      chatView('old', { activityAt: 1 }),
      chatView('b', { activityAt: 5 }),
      chatView('a', { activityAt: 5 }),
      chatView('pin-old', { activityAt: 2, pinned: true }),
      chatView('pin-new', { activityAt: 3, pinned: true }),
      chatView('new', { activityAt: 9 }),
    ];
    expect(ids(list.toSorted(compareChats))).toBe('pin-new pin-old new a b old');
  });

  test('merging keeps the order, whatever is changed, added or removed', () => {
    const chat = fc.record({
      id: fc.integer({ min: 0, max: 30 }),
      at: fc.integer({ min: 0, max: 5 }),
      pinned: fc.boolean(),
    });
    const chats = fc.uniqueArray(chat, { selector: (one) => one.id, maxLength: 30 });
    fc.assert(
      fc.property(
        chats,
        fc.array(chat, { maxLength: 10 }),
        fc.array(fc.integer({ min: 0, max: 30 })),
        (list, changes, removed) => {
          const view = (one: { id: number; at: number; pinned: boolean }) =>
            chatView(String(one.id), { activityAt: one.at, pinned: one.pinned });
          const gone = removed.map(String);
          const byId = new Map([...list, ...changes].map((one) => [String(one.id), view(one)]));
          for (const id of gone) byId.delete(id);
          const merged = mergeChats(list.map(view).sort(compareChats), changes.map(view), gone);
          expect(merged).toEqual([...byId.values()].sort(compareChats));
        },
      ),
    );
  });
});

describe('folders', () => {
  const list = [
    chatView('plain'),
    chatView('unread', { unread: 2 }),
    chatView('marked', { markedUnread: true }),
    chatView('files', { hasFiles: true }),
    chatView('music', { hasMusic: true }),
    chatView('away', { archived: true, unread: 1, hasFiles: true }),
  ];

  test.each<{ folder: Folder; open: string | null; want: string }>([
    { folder: 'all', open: null, want: 'plain unread marked files music' },
    { folder: 'unread', open: null, want: 'unread marked' },
    { folder: 'unread', open: 'plain', want: 'plain unread marked' },
    { folder: 'unread', open: 'away', want: 'unread marked' },
    { folder: 'files', open: null, want: 'files' },
    { folder: 'music', open: null, want: 'music' },
    { folder: 'archived', open: 'plain', want: 'away' },
  ])('$folder with $open open', ({ folder, open, want }) => {
    expect(ids(chatsIn(list, folder, open))).toBe(want);
  });
});

test.each([
  { muted: null, want: false },
  { muted: { until: null }, want: true },
  { muted: { until: 1001 }, want: true },
  { muted: { until: 1000 }, want: false },
])('muted $muted at 1000: $want', ({ muted, want }) => {
  expect(isMuted(chatView('a', { muted }), 1000)).toBe(want);
});

describe('finding a chat by its name', () => {
  const peer = userView('u', { username: 'jose.garcia' });
  const chat = chatView('a', { title: 'José María Núñez', peer });
  test.each([
    ['jose', true],
    ['MARIA', true],
    ['núñ jos', true],
    ['@jose.g', true],
    ['garcia', true],
    ['anna', false],
    ['jose anna', false],
  ])('%s: %s', (query, want) => {
    expect(matchesChat(chat, query)).toBe(want);
  });

  test.each([
    ['Ёлкин', 'елк', true],
    ['Zoë Łódzka', 'lodz zoe', true],
    ['Đà Nẵng', 'da nang', true],
    ['Straße', 'STRASSE', true],
    ['王小明', '小明', true],
    ['ガーデン', 'カーデン', false],
    ['ลุงกิน', 'กิน', true],
    ['ลุงกิน', 'กน', false],
  ])('%s by %s: %s', (title, query, want) => {
    expect(matchesChat(chatView('a', { title, peer: null }), query)).toBe(want);
  });
});
