/** Puts the calls of a chat among its messages, where they belong in time. Pure. */
import type { CallRecordView } from '#contract/ipc/call-views.ts';
import type { MessageWindow } from '../../stores/account/messages/window.ts';
import { dayOf, type CallRow, type ConversationRow } from './rows.ts';

/** The calls that lie within what is shown: beyond its ends there are messages that are not here. Oldest first. */
function within(records: readonly CallRecordView[], window: MessageWindow): CallRecordView[] {
  const from = window.older === 'end' ? Number.NEGATIVE_INFINITY : (window.items[0]?.createdAt ?? Infinity);
  const to = window.newer === 'end' ? Number.POSITIVE_INFINITY : (window.items.at(-1)?.createdAt ?? -Infinity);
  return records.filter(({ at }) => at >= from && at <= to).toSorted((one, other) => one.at - other.at);
}

/** Adds rows of calls, reusing those of the previous time. One per conversation. */
export function createCallRows(): (
  rows: ConversationRow[],
  window: MessageWindow,
  records: readonly CallRecordView[],
) => ConversationRow[] {
  const known = new Map<string, CallRow>();

  function rowOf(record: CallRecordView): CallRow {
    const old = known.get(record.id);
    if (old?.record === record) return old;
    const row: CallRow = { kind: 'call', key: `call:${record.id}`, estimate: 44, anchor: false, record };
    known.set(record.id, row);
    return row;
  }

  return (rows, window, records) => {
    const waiting = within(records, window);
    if (waiting.length === 0) return rows;
    const all: ConversationRow[] = [];
    let day: number | null = null;

    function put(until: number): void {
      for (let next = waiting[0]; next && next.at <= until; next = waiting[0]) {
        waiting.shift();
        const its = dayOf(next.at);
        if (its !== day) {
          const key = `day:${String(its)}:call:${next.id}`;
          all.push({ kind: 'day', key, day: its, estimate: 40, anchor: false });
        }
        day = its;
        all.push(rowOf(next));
      }
    }

    for (const row of rows) {
      // Calls of earlier days come before the day, those of the day before the message that is later.
      if (row.kind === 'day') put(row.day - 1);
      else if (row.kind === 'message') put(row.message.createdAt);
      else if (row.kind === 'edge' && row.side === 'newer') put(Number.POSITIVE_INFINITY);
      if (row.kind === 'day') day = row.day;
      all.push(row);
    }
    put(Number.POSITIVE_INFINITY);
    return all;
  };
}
