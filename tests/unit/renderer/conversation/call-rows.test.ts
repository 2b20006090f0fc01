import { describe, expect, test } from 'vitest';
import type { CallRecordView } from '#contract/ipc/call-views.ts';
import { storedPosition } from '#contract/model/message-order.ts';
import { windowOf, type MessageWindow } from '../../../../renderer/src/stores/account/messages/window.ts';
import { createCallRows } from '../../../../renderer/src/features/conversation/call-rows.ts';
import { createRowBuilder, type ConversationRow } from '../../../../renderer/src/features/conversation/rows.ts';
import { pageOf, stored } from './message.ts';

const at = (day: number, hour: number): number => new Date(2026, 2, day, hour).getTime();
const call = (id: string, time: number): CallRecordView => ({
  ...{ id, chatId: 'chat', peer: { id: 'lena', name: 'Lena Marsh', avatarUrl: null }, type: 'audio' },
  ...{ incoming: true, end: 'missed', at: time, duration: null },
});
const shownPage = (times: readonly number[], more: 'end' | 'more' = 'end'): MessageWindow => {
  const items = times.map((createdAt, n) => stored(n, { createdAt, position: storedPosition(createdAt, String(n)) }));
  return windowOf({ ...pageOf(0, 0, { older: more, newer: more }), items });
};
const name = (row: ConversationRow): string => {
  if (row.kind === 'message') return `m${String(Number(row.message.key.slice(1)))}`;
  if (row.kind === 'day') return `day ${String(new Date(row.day).getDate())}`;
  return row.kind === 'call' ? row.record.id : row.kind;
};
const shown = (window: MessageWindow, records: readonly CallRecordView[]): string[] =>
  createCallRows()(createRowBuilder()(window, null), window, records).map(name);

describe('a call among messages', () => {
  const messages = shownPage([at(10, 9), at(10, 12), at(12, 9)]);
  test.each<[string, readonly CallRecordView[], string]>([
    ['none', [], 'begin, day 10, m0, m1, day 12, m2'],
    ['between two', [call('a', at(10, 10))], 'begin, day 10, m0, a, m1, day 12, m2'],
    ['before the first of its day', [call('a', at(10, 8))], 'begin, day 10, a, m0, m1, day 12, m2'],
    ['the last of its day', [call('a', at(10, 20))], 'begin, day 10, m0, m1, a, day 12, m2'],
    ['on a day of its own', [call('a', at(11, 9))], 'begin, day 10, m0, m1, day 11, a, day 12, m2'],
    ['before everything', [call('a', at(9, 9))], 'begin, day 9, a, day 10, m0, m1, day 12, m2'],
    ['after everything', [call('a', at(12, 10))], 'begin, day 10, m0, m1, day 12, m2, a'],
    ['after everything, on another day', [call('a', at(13, 10))], 'begin, day 10, m0, m1, day 12, m2, day 13, a'],
    [
      'two of one day, in any order',
      [call('b', at(11, 9)), call('a', at(11, 8))],
      'begin, day 10, m0, m1, day 11, a, b, day 12, m2',
    ],
  ])('%s', (_what, records, expected) => {
    expect(shown(messages, records).join(', ')).toBe(expected);
  });

  test('a chat of nothing but calls has them below its begin', () => {
    expect(shown(shownPage([]), [call('a', at(10, 9))])).toEqual(['begin', 'day 10', 'a']);
  });

  test('beyond the ends of what is shown there are none: messages are missing there', () => {
    const part = shownPage([at(10, 9), at(10, 12)], 'more');
    const records = [call('a', at(9, 9)), call('b', at(10, 10)), call('c', at(11, 9))];
    expect(shown(part, records)).toEqual(['edge', 'day 10', 'm0', 'b', 'm1', 'edge']);
  });

  test('every key is there once, and what did not change is the same object', () => {
    const records = [call('a', at(9, 9)), call('b', at(10, 10)), call('c', at(11, 9)), call('d', at(13, 9))];
    const [build, add] = [createRowBuilder(), createCallRows()];
    const first = add(build(messages, null), messages, records);
    const second = add(build(messages, null), messages, [...records, call('e', at(13, 10))]);
    expect(new Set(second.map(({ key }) => key)).size).toBe(second.length);
    const calls = (rows: readonly ConversationRow[]) => rows.filter(({ kind }) => kind === 'call');
    expect(
      calls(second)
        .slice(0, 4)
        .every((row, n) => row === calls(first)[n]),
    ).toBe(true);
  });
});
