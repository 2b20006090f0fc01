import type { MessagePage, MessageView } from '#contract/ipc/views.ts';
import { pendingPosition, storedPosition } from '#contract/model/message-order.ts';

/** A message that the server has, by its number: a minute apart from its neighbours. */
export function stored(number: number, change: Partial<MessageView> = {}): MessageView {
  const id = `m${String(number).padStart(5, '0')}`;
  const at = Date.UTC(2026, 2, 12, 8) + number * 60_000;
  return {
    key: id,
    chatId: 'c1',
    id,
    localId: null,
    position: storedPosition(at, id),
    senderId: 'anna',
    senderName: 'Anna Berg',
    mine: false,
    text: `message ${String(number)}`,
    createdAt: at,
    state: null,
    problem: null,
    undecided: false,
    doubleOf: null,
    quote: null,
    reactions: [],
    attachments: [],
    ...change,
  };
}

/** A message that has not left this device, by its number in the outbox. */
export function pending(number: number, change: Partial<MessageView> = {}): MessageView {
  const localId = `local-${String(number)}`;
  return stored(90_000 + number, {
    key: localId,
    id: null,
    localId,
    position: pendingPosition(number, localId),
    senderId: 'me',
    senderName: 'Me',
    mine: true,
    state: 'queued',
    ...change,
  });
}

/** A page of stored messages `[from, to)`. */
export function pageOf(from: number, to: number, change: Partial<MessagePage> = {}): MessagePage {
  const items = Array.from({ length: to - from }, (_, at) => stored(from + at));
  return { chatId: 'c1', items, older: 'more', newer: 'more', readUpTo: null, ...change };
}
