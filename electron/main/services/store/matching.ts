/**
 * Which send of this device a message of the server belongs to, if the two do not share an id yet; and which messages
 * are one send that the server stored twice.
 */
import type { Message } from '#contract/api/message.ts';
import { comparePositions, type MessagePosition } from '#contract/model/message-order.ts';
import type { Changes } from './changes.ts';
import type { StoreContext } from './context.ts';

type Sent = {
  local_id: string;
  content: string;
  reply_to: string | null;
  files: string;
  anchor_at: number;
  anchor_tie: string;
  server_id: string | null;
};

function fileIds(message: Message): string {
  return JSON.stringify((message.attachments ?? []).map((file) => file.id));
}

/** The same text in reply to the same message with the same files, and stored after what was known when it left. */
function matches(message: Message, place: MessagePosition, sent: Sent): boolean {
  return (
    sent.content === message.content &&
    sent.reply_to === (message.replyTo?.id ?? message.replyToId ?? null) &&
    sent.files === fileIds(message) &&
    comparePositions(place, { at: sent.anchor_at, tie: sent.anchor_tie }) > 0
  );
}

const SENT = 'local_id, content, reply_to, files, anchor_at, anchor_tie, server_id';

/**
 * The local id of the send that this own message answers: by the key it carries, else the oldest unanswered send with
 * the same content. Null when it came from somewhere else.
 */
export function bindCandidate(context: StoreContext, message: Message, place: MessagePosition): string | null {
  const claimed = context.sql.get<{ local_id: string }>('SELECT local_id FROM claimed WHERE server_id = ?', message.id);
  if (claimed) return null;
  if (message.clientId) {
    const own = context.sql.get<{ local_id: string; id: string | null }>(
      'SELECT local_id, id FROM messages WHERE local_id = ? AND chat_id = ?',
      message.clientId,
      message.chatId,
    );
    if (own && own.id === null) return own.local_id;
    // It carries a key that is not ours, or ours already has its message: no guessing.
    return null;
  }
  const unanswered = context.sql.all<Sent>(
    `SELECT ${SENT} FROM outbox WHERE chat_id = ? AND state = 'unknown' ORDER BY seq`,
    message.chatId,
  );
  return unanswered.find((sent) => matches(message, place, sent))?.local_id ?? null;
}

/**
 * Two copies of one send arrive within the life of a request, in milliseconds; later ones are two messages with the
 * same content.
 */
const DOUBLE_WITHIN_MS = 5 * 60_000;

/**
 * An own message that answers no send: if a send of this device left more than once with the same content, the server
 * stored it twice. Both are marked, neither is removed.
 */
export function markDouble(
  context: StoreContext,
  message: Message,
  place: MessagePosition,
  row: number,
  changes: Changes,
): void {
  if (message.clientId) return;
  const twice = context.sql.all<Sent & { message_row: number; message_at: number }>(
    `SELECT ${SENT.split(', ')
      .map((column) => `o.${column}`)
      .join(', ')}, m.row AS message_row, m.at AS message_at
     FROM outbox o JOIN messages m ON m.local_id = o.local_id
     WHERE o.chat_id = ? AND o.unanswered > 0 AND o.server_id IS NOT NULL ORDER BY o.seq DESC LIMIT 200`,
    message.chatId,
  );
  const first = twice.find(
    (sent) => Math.abs(sent.message_at - place.at) <= DOUBLE_WITHIN_MS && matches(message, place, sent),
  );
  if (!first || first.server_id === null) return;
  context.sql.run('UPDATE messages SET double_of = ? WHERE row = ?', first.server_id, row);
  context.sql.run('UPDATE messages SET double_of = ? WHERE row = ?', message.id, first.message_row);
  changes.message(message.chatId, first.message_row);
  context.log('warn', 'store.double_marked', { chatId: message.chatId, messageId: message.id, other: first.server_id });
}

/** The reverse: a copy that arrived before the send had found its own message. */
export function markEarlierDouble(
  context: StoreContext,
  localId: string,
  id: string,
  row: number,
  changes: Changes,
): void {
  const sent = context.sql.get<{ unanswered: number; chat_id: string }>(
    'SELECT unanswered, chat_id FROM outbox WHERE local_id = ?',
    localId,
  );
  if (!sent || sent.unanswered === 0) return;
  const copy = findCandidate(context, localId);
  const bound = context.sql.get<{ at: number }>('SELECT at FROM messages WHERE row = ?', row);
  const other =
    copy === null
      ? undefined
      : context.sql.get<{ row: number; at: number }>('SELECT row, at FROM messages WHERE id = ?', copy);
  if (copy === null || !other || !bound || Math.abs(other.at - bound.at) > DOUBLE_WITHIN_MS) return;
  context.sql.run('UPDATE messages SET double_of = ? WHERE row = ?', id, other.row);
  context.sql.run('UPDATE messages SET double_of = ? WHERE row = ?', copy, row);
  changes.message(sent.chat_id, other.row);
  context.log('warn', 'store.double_marked', { chatId: sent.chat_id, messageId: copy, other: id });
}

/**
 * After the history since the anchor has been read: the oldest own message that is not bound to a send and has the
 * content of this send.
 */
export function findCandidate(context: StoreContext, localId: string): string | null {
  const sent = context.sql.get<Sent & { chat_id: string }>(
    `SELECT ${SENT}, chat_id FROM outbox WHERE local_id = ?`,
    localId,
  );
  if (!sent) return null;
  type Candidate = { row: number; id: string; reply_to: string | null };
  const candidates = context.sql.all<Candidate>(
    `SELECT row, id, reply_to FROM messages
     WHERE chat_id = ? AND (at, tie) > (?, ?) AND mine = 1 AND id IS NOT NULL AND local_id IS NULL AND content = ?
       AND double_of IS NULL AND id NOT IN (SELECT server_id FROM claimed) ORDER BY at, tie`,
    sent.chat_id,
    sent.anchor_at,
    sent.anchor_tie,
    sent.content,
  );
  for (const candidate of candidates) {
    const files = context.sql
      .all<{ id: string }>('SELECT id FROM attachments WHERE row = ? ORDER BY n', candidate.row)
      .map((file) => file.id);
    if (candidate.reply_to === sent.reply_to && JSON.stringify(files) === sent.files) return candidate.id;
  }
  return null;
}
