import { describe, expect, it } from 'vitest';
import { createRowBuilder, dayOf, estimateHeight } from '../../../../renderer/src/features/conversation/rows.ts';
import { windowOf } from '../../../../renderer/src/stores/account/messages/window.ts';
import type { MessageView } from '#contract/ipc/views.ts';
import { pageOf, pending, stored } from './message.ts';

function draw(items: MessageView[], divider: { readUpTo: string | null } | null = null, edges = {}): string[] {
  const window = windowOf({ ...pageOf(0, 0, { older: 'end', newer: 'end', ...edges }), items });
  return createRowBuilder()(window, divider).map((row) => {
    if (row.kind === 'message') return `${row.first ? '[' : ''}${row.message.text}${row.last ? ']' : ''}`;
    return row.kind === 'edge' ? `edge ${row.side}` : row.kind;
  });
}

const said = (number: number, text: string, mine = false): MessageView =>
  stored(number, { text, mine, senderId: mine ? 'me' : 'anna' });

describe('createRowBuilder', () => {
  it.each([
    ['one person within five minutes stands together', [said(0, 'a'), said(1, 'b'), said(5, 'c')], '[a b c]'],
    ['five minutes part', [said(0, 'a'), said(5, 'b')], '[a] [b]'],
    ['another person parts', [said(0, 'a'), said(1, 'b', true), said(2, 'c')], '[a] [b] [c]'],
  ])('%s', (_name, items, expected) => {
    expect(draw(items).join(' ')).toBe(`begin day ${expected}`);
  });

  it('puts a day before the first message of each, and parts groups there', () => {
    const midnight = new Date(2026, 2, 13).getTime();
    const items = [said(0, 'a'), said(1, 'b')].map((item, at) => {
      const createdAt = midnight - 60_000 + at * 90_000;
      return { ...item, createdAt, position: { at: createdAt, tie: item.key } };
    });
    expect(draw(items)).toEqual(['begin', 'day', '[a]', 'day', '[b]']);
    expect(dayOf(midnight + 5)).toBe(midnight);
  });

  it.each([
    ['after what was read', 'm00001', ['begin', 'day', '[a', 'b]', 'unread', '[c]']],
    ['before the first one of somebody else', 'm00000', ['begin', 'day', '[a]', 'unread', '[b', 'c]']],
    ['nowhere when all was read', 'm00002', ['begin', 'day', '[a', 'b', 'c]']],
    ['at the very beginning when nothing was ever read', null, ['begin', 'day', 'unread', '[a', 'b', 'c]']],
    ['nowhere when it lies outside of the window', 'm09999', ['begin', 'day', '[a', 'b', 'c]']],
  ])('puts the unread divider %s', (_name, readUpTo, expected) => {
    expect(draw([said(0, 'a'), said(1, 'b'), said(2, 'c')], { readUpTo })).toEqual(expected);
  });

  it("does not put the divider before one's own message", () => {
    const items = [said(0, 'a'), said(1, 'b', true), said(2, 'c')];
    expect(draw(items, { readUpTo: 'm00000' })).toEqual(['begin', 'day', '[a]', '[b]', 'unread', '[c]']);
  });

  it('shows what lies beyond the ends', () => {
    expect(draw([said(0, 'a')], null, { older: 'gap', newer: 'more' })).toEqual([
      'edge older',
      'day',
      '[a]',
      'edge newer',
    ]);
  });

  it('gives every row a key of its own, even where a clock went backwards', () => {
    const items = [said(0, 'a'), said(1, 'b'), said(2, 'c')].map((item, at) => ({
      ...item,
      createdAt: at === 1 ? item.createdAt - 3 * 86_400_000 : item.createdAt,
    }));
    const window = windowOf({ ...pageOf(0, 0), items });
    const keys = createRowBuilder()(window, null).map((row) => row.key);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('answers the same row for a message that did not change', () => {
    const build = createRowBuilder();
    const window = windowOf(pageOf(0, 20, { newer: 'end' }));
    const before = build(window, null);
    const after = build({ ...window, items: [...window.items, pending(1)] }, null);
    const same = after.filter((row) => row.kind === 'message' && before.includes(row));
    expect(same).toHaveLength(20);
  });
});

describe('estimateHeight', () => {
  it('grows with what a message carries', () => {
    const plain = estimateHeight(stored(1, { text: 'short' }));
    expect(estimateHeight(stored(1, { text: 'long '.repeat(100) }))).toBeGreaterThan(plain);
    expect(estimateHeight(stored(1, { text: 'a\nb\nc' }))).toBe(plain + 40);
    const reacted = stored(1, { text: 'short', reactions: [{ emoji: '👍', mine: true, users: [] }] });
    expect(estimateHeight(reacted)).toBeGreaterThan(plain);
  });
});
