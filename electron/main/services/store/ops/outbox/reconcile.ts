/** Binds our message to the one that the server stored: by its answer, or by finding it in the history. */
import type { Message } from '#contract/api/message.ts';
import { inTransaction } from '../../changes.ts';
import type { StoreContext } from '../../context.ts';
import { findCandidate } from '../../matching.ts';
import { bindMessage, placeOf, senderOf, storeMessage, type Origin } from '../../message-rows.ts';
import type { ChangeSet } from '../../protocol.ts';
import { sendState } from '../../views.ts';
import { findJob } from './rows.ts';

/** The server's answer: the message has its place now. */
export function acknowledge(
  context: StoreContext,
  input: { localId: string; message: Message; now: number },
): { changes: ChangeSet; bound: boolean } {
  const origin: Origin = { now: input.now, fresh: false, keepReactions: new Set() };
  let isBound = false;
  const changes = inTransaction(context, input.now, (changes) => {
    const row = findJob(context, input.localId);
    const place = placeOf(context, input.message, input.now);
    if (!place || senderOf(input.message) === null) return;
    const isOurs = row && row.chat_id === input.message.chatId && senderOf(input.message) === context.me;
    if (isOurs) bindMessage(context, input.localId, input.message, origin, changes);
    else storeMessage(context, input.message, origin, changes);
    isBound = isOurs === true;
    // The answer does not prove that nothing came in between, so it extends no interval: the live end or the history
    // will reach it.
  });
  return { changes, bound: isBound };
}

/** After the history down to the anchor was read: binds the oldest free candidate. False when there is none. */
export function reconcile(
  context: StoreContext,
  input: { localId: string; now: number },
): { bound: boolean; changes: ChangeSet } {
  let isBound = false;
  const changes = inTransaction(context, input.now, (changes) => {
    const row = findJob(context, input.localId);
    if (!row) return;
    if (row.server_id !== null) isBound = true;
    const candidate = isBound ? null : findCandidate(context, input.localId);
    if (candidate === null) return;
    const found = context.sql.get<{ at: number; status: string | null; sender_id: string; content: string }>(
      'SELECT created_at AS at, state AS status, sender_id, content FROM messages WHERE id = ?',
      candidate,
    );
    if (!found) return;
    const status = sendState(found.status);
    bindMessage(
      context,
      input.localId,
      {
        id: candidate,
        chatId: row.chat_id,
        content: found.content,
        senderId: found.sender_id,
        createdAt: new Date(found.at).toISOString(),
        status: status === 'delivered' || status === 'read' ? status : 'sent',
      },
      { now: input.now, fresh: false, keepReactions: new Set() },
      changes,
    );
    isBound = true;
  });
  return { bound: isBound, changes };
}

/** The place from which history must be read to settle an unanswered send. */
export function anchorOf(
  context: StoreContext,
  input: { localId: string },
): { chatId: string; at: number; tie: string } | null {
  const row = context.sql.get<{ chat_id: string; anchor_at: number; anchor_tie: string }>(
    'SELECT chat_id, anchor_at, anchor_tie FROM outbox WHERE local_id = ?',
    input.localId,
  );
  return row ? { chatId: row.chat_id, at: row.anchor_at, tie: row.anchor_tie } : null;
}
