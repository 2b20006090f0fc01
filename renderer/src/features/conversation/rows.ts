/**
 * Builds the rows of the conversation: grouped messages, days, the unread divider, and the ends. Pure. A row with
 * unchanged content is the same object as before, so it is not re-rendered.
 */
import type { CallRecordView } from '#contract/ipc/call-views.ts';
import type { MessageView } from '#contract/ipc/views.ts';
import type { MessageWindow } from '../../stores/account/messages/window.ts';
import type { TimelineItem } from '../../ui/timeline/anchor.ts';
import { filesHeight } from './media-width.ts';

/** Messages from one person within this time are grouped. */
const GROUP_MS = 5 * 60_000;

export interface MessageRow extends TimelineItem {
  kind: 'message';
  message: MessageView;
  /** Whether it is the first or the last of a group. */
  first: boolean;
  last: boolean;
}
export interface DayRow extends TimelineItem {
  kind: 'day';
  /** The start of the day in local time, in milliseconds. */
  day: number;
}
export interface UnreadRow extends TimelineItem {
  kind: 'unread';
}
export interface EdgeRow extends TimelineItem {
  kind: 'edge';
  side: 'older' | 'newer';
}
export interface BeginRow extends TimelineItem {
  kind: 'begin';
}
export interface CallRow extends TimelineItem {
  kind: 'call';
  record: CallRecordView;
}
export type ConversationRow = MessageRow | DayRow | UnreadRow | EdgeRow | BeginRow | CallRow;

/** The start of the local day of a time. */
export function dayOf(time: number): number {
  return new Date(time).setHours(0, 0, 0, 0);
}

/** An estimate of a message's height in pixels, good enough for a scrollbar; the rendered row is measured. */
export function estimateHeight(message: MessageView): number {
  const lines = message.text.split('\n').reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / 64)), 0);
  const quote = message.quote ? 48 : 0;
  const reactions = message.reactions.length > 0 ? 32 : 0;
  const words = message.text === '' && message.attachments.length > 0 ? 0 : lines * 20;
  return 18 + words + quote + reactions + filesHeight(message) + (message.problem ? 36 : 0);
}

/** The index of the unread divider: before the first message of another person after `readUpTo`; -1 for none. */
export function dividerIndex(window: MessageWindow, readUpTo: string | null): number {
  let after = -1;
  if (readUpTo !== null) {
    after = window.items.findIndex((item) => item.id === readUpTo);
    // Read up to a message before this window: the divider is not in it.
    if (after < 0) return -1;
  } else if (window.older !== 'end') return -1;
  return window.items.findIndex((item, index) => index > after && !item.mine);
}

function sameGroup(a: MessageView, b: MessageView, day: (time: number) => number): boolean {
  return a.senderId === b.senderId && b.createdAt - a.createdAt < GROUP_MS && day(a.createdAt) === day(b.createdAt);
}

/**
 * `dayOf` for times in sequence: neighbours are mostly on the same day, and comparing is cheaper than date arithmetic.
 */
function dayFinder(): (time: number) => number {
  let from = Number.NaN;
  let to = Number.NaN;
  return (time) => {
    if (time >= from && time < to) return from;
    from = dayOf(time);
    to = new Date(from).setHours(24, 0, 0, 0);
    return from;
  };
}

/** Builds rows, reusing those of the previous call. One builder per conversation. */
export function createRowBuilder(): (
  window: MessageWindow,
  divider: { readUpTo: string | null } | null,
) => ConversationRow[] {
  let known = new Map<string, MessageRow>();

  return (window, divider) => {
    const rows: ConversationRow[] = [];
    const fresh = new Map<string, MessageRow>();
    const dayAt = dayFinder();
    const dividerAt = divider ? dividerIndex(window, divider.readUpTo) : -1;
    if (window.older === 'end') rows.push({ kind: 'begin', key: 'begin', estimate: 96, anchor: false });
    else rows.push({ kind: 'edge', key: 'edge:older', side: 'older', estimate: 56, anchor: false });
    window.items.forEach((message, index) => {
      const before = window.items[index - 1];
      const after = window.items[index + 1];
      const dayBefore = before ? dayAt(before.createdAt) : null;
      const day = dayAt(message.createdAt);
      // Include the message key: with a clock that went back, the same day can occur twice.
      if (dayBefore !== day) {
        rows.push({ kind: 'day', key: `day:${String(day)}:${message.key}`, day, estimate: 40, anchor: false });
      }
      if (index === dividerAt) rows.push({ kind: 'unread', key: 'unread', estimate: 36, anchor: false });
      const first = !before || index === dividerAt || !sameGroup(before, message, dayAt);
      const last = !after || index + 1 === dividerAt || !sameGroup(message, after, dayAt);
      const old = known.get(message.key);
      const row: MessageRow =
        old && old.message === message && old.first === first && old.last === last
          ? old
          : { kind: 'message', key: message.key, estimate: estimateHeight(message), message, first, last };
      fresh.set(row.key, row);
      rows.push(row);
    });
    if (window.newer !== 'end') {
      rows.push({ kind: 'edge', key: 'edge:newer', side: 'newer', estimate: 56, anchor: false });
    }
    known = fresh;
    return rows;
  };
}

/** The key of the message at a row, or of the first one below it, or of the last one above; null without messages. */
export function messageNear(rows: readonly ConversationRow[], key: string): string | null {
  const at = rows.findIndex((row) => row.key === key);
  if (at < 0) return null;
  const isMessage = (row: ConversationRow): boolean => row.kind === 'message';
  return (rows.find((row, index) => index >= at && isMessage(row)) ?? rows.findLast(isMessage))?.key ?? null;
}
