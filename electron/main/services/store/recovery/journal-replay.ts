/**
 * Brings the database and the outbox's journal into agreement, once at every start. A sound database may still know
 * less than its journal: it is missing, or its newest part was lost with the write-ahead log. What only the journal
 * knows is replayed before the journal is rewritten from the database; a new database in place of a damaged one is the
 * same case, with nothing in it.
 */
import { pendingPosition } from '#contract/model/message-order.ts';
import { ensureChat, refreshChat } from '../chat-rows.ts';
import type { StoreContext } from '../context.ts';
import { fileIds, storeContent, storePending } from '../file-rows.ts';
import { indexMessage, kindsOf } from '../index-rows.ts';
import { removeRow } from '../message-rows.ts';
import { freeRow } from '../place.ts';
import { deleteUploads, insertUpload, stagedPart, uploadsOf } from '../upload-rows.ts';
import type { Journal, JournalContents, Wording, WrittenLine } from './journal.ts';
import { clearTombstones, tombstones } from './tombstones.ts';

/** Replays what only the journal knows. @returns the number of unsent messages recovered. */
export function replayJournal(context: StoreContext, contents: JournalContents, now: number): number {
  const { open, wordings, stored, gone, skipped } = contents;
  const ended = new Set(tombstones(context));
  const missing = open.filter(
    (line) => line.account === context.account && !ended.has(line.localId) && !isKnown(context, line.localId),
  );
  const top = context.sql.get<{ seq: number | null }>('SELECT max(seq) AS seq FROM outbox')?.seq ?? 0;
  let unanswered = 0;
  let removed = 0;
  let reworded = 0;
  context.sql.transaction(() => {
    for (const [localId, wording] of wordings) reworded += Number(reword(context, localId, wording, now));
    for (const entry of stored) unanswered += Number(noteStored(context, entry));
    for (const localId of gone) removed += Number(removeGone(context, localId));
    missing.forEach((line, index) => rescueOne(context, line, top + index + 1, now));
    for (const chatId of new Set(missing.map((line) => line.chatId))) refreshChat(context, chatId);
  });
  if (missing.length + unanswered + removed + reworded + skipped > 0)
    context.log('warn', 'store.caught_up', { messages: missing.length, unanswered, removed, reworded, skipped });
  return missing.length;
}

function isKnown(context: StoreContext, localId: string): boolean {
  return context.sql.get('SELECT 1 FROM outbox WHERE local_id = ?', localId) !== undefined;
}

/**
 * Applies a later wording by the user than the database has; true when there was one. It was to be sent, and may have
 * left since: it counts as unanswered, like a recovered message.
 */
function reword(context: StoreContext, localId: string, { text, revision }: Wording, now: number): boolean {
  const rows = context.sql.run(
    `UPDATE outbox SET content = ?, revision = ?, state = 'unknown', unanswered = 1, next_at = ?, queued_at = ?
     WHERE local_id = ? AND revision < ? AND server_id IS NULL`,
    text,
    revision,
    now,
    now,
    localId,
    revision,
  );
  if (rows === 0) return false;
  const message = context.sql.get<{ row: number; chat_id: string; sender_id: string }>(
    'SELECT row, chat_id, sender_id FROM messages WHERE local_id = ? AND id IS NULL',
    localId,
  );
  if (!message) return true;
  context.sql.run("UPDATE messages SET state = 'unknown', problem = NULL, undecided = 0 WHERE row = ?", message.row);
  storeContent(context, message, text);
  refreshChat(context, message.chat_id);
  return true;
}

/** A message that the server has; true when the database had it as unsent. */
function noteStored(context: StoreContext, { localId, serverId }: JournalContents['stored'][number]): boolean {
  if (!isKnown(context, localId)) {
    context.sql.run('INSERT OR IGNORE INTO claimed (server_id, local_id) VALUES (?, ?)', serverId, localId);
    return false;
  }
  // Its place is not known here. As an unanswered send it is looked for in the history before it may leave again.
  const rows = context.sql.run(
    "UPDATE outbox SET state = 'unknown', unanswered = unanswered + 1 WHERE local_id = ? AND server_id IS NULL",
    localId,
  );
  if (rows === 0) return false;
  context.sql.run(
    "UPDATE messages SET state = 'unknown', problem = NULL, undecided = 0 WHERE local_id = ? AND id IS NULL",
    localId,
  );
  return true;
}

/** Removes a withdrawn or discarded message; true when the database still had it. What the server has stays. */
function removeGone(context: StoreContext, localId: string): boolean {
  const rows = context.sql.run('DELETE FROM outbox WHERE local_id = ? AND server_id IS NULL', localId);
  if (rows === 0) return false;
  deleteUploads(context, 'local_id = ?', localId);
  const message = context.sql.get<{ row: number; chat_id: string }>(
    'SELECT row, chat_id FROM messages WHERE local_id = ? AND id IS NULL',
    localId,
  );
  if (message) {
    removeRow(context, message.row);
    refreshChat(context, message.chat_id);
  }
  return true;
}

/** A recovered message may already have left: it counts as unanswered. */
function rescueOne(context: StoreContext, line: WrittenLine, seq: number, now: number): void {
  ensureChat(context, line.chatId, context.me, line.writtenAt);
  const row = freeRow(context.sql, line.writtenAt);
  const place = pendingPosition(seq, line.localId);
  const kinds = kindsOf(line.text, []);
  const added = context.sql.run(
    `INSERT OR IGNORE INTO outbox (local_id, account, chat_id, seq, content, reply_to, files, state, attempt, unanswered, next_at,
       anchor_id, anchor_at, anchor_tie, written_at, queued_at, revision)
     VALUES (?, ?, ?, ?, ?, ?, ?, 'unknown', 1, 1, ?, ?, ?, ?, ?, ?, ?)`,
    line.localId,
    line.account,
    line.chatId,
    seq,
    line.text,
    line.replyTo,
    JSON.stringify(line.files),
    now,
    line.anchor.id,
    line.anchor.at,
    line.anchor.tie,
    line.writtenAt,
    now,
    line.revision,
  );
  if (added === 0) return;
  context.sql.run(
    `INSERT INTO messages (row, key, local_id, chat_id, at, tie, sender_id, mine, content, created_at, reply_to, kinds, state)
     VALUES (?, ?, ?, ?, ?, ?, ?, 1, ?, ?, ?, ?, 'unknown')`,
    row,
    line.localId,
    line.localId,
    line.chatId,
    place.at,
    place.tie,
    context.me,
    line.text,
    line.writtenAt,
    line.replyTo,
    kinds,
  );
  indexMessage(context, { row, content: line.text, chatId: line.chatId, senderId: context.me, kinds });
  if (line.uploads.length === 0) return;
  line.uploads.forEach((upload, n) =>
    insertUpload(context, { ...upload, localId: line.localId, n, state: 'waiting', createdAt: line.writtenAt }),
  );
  storePending(context, { row, chatId: line.chatId, localId: line.localId }, line.text);
}

/** What a message still has to send: nothing once it has left with the server's ids. */
function pendingUploads(context: StoreContext, row: { local_id: string; files: string }): WrittenLine['uploads'] {
  const hasLeft = fileIds(context, row.local_id, row.files).length > 0;
  return hasLeft ? [] : uploadsOf(context, row.local_id).map(stagedPart);
}

/**
 * Rewrites the journal from the database, which now has all of it.
 * @param gone the canceled and discarded messages that the journal named, by local id.
 */
export function rewriteJournal(context: StoreContext, journal: Journal, gone: readonly string[]): void {
  type Open = {
    local_id: string;
    chat_id: string;
    content: string;
    reply_to: string | null;
    files: string;
    anchor_id: string | null;
    anchor_at: number;
    anchor_tie: string;
    written_at: number;
    revision: number;
  };
  // In the order in which they leave: a clock that was set back must not change it.
  const open = context.sql.all<Open>(
    `SELECT local_id, chat_id, content, reply_to, files, anchor_id, anchor_at, anchor_tie, written_at, revision FROM outbox
     WHERE state NOT IN ('sent', 'delivered', 'read') AND account = ? ORDER BY chat_id, seq`,
    context.account,
  );
  // What lost databases had as stored is known here from their journals only, and counts as the oldest.
  const stored = context.sql.all<{ local_id: string; server_id: string }>(
    `SELECT local_id, server_id FROM (
       SELECT local_id, server_id, written_at FROM outbox WHERE server_id IS NOT NULL
       UNION ALL SELECT local_id, server_id, -1 FROM claimed
     ) ORDER BY written_at DESC LIMIT 1000`,
  );
  journal.rewrite({
    open: open.map((row) => ({
      kind: 'written',
      account: context.account,
      localId: row.local_id,
      chatId: row.chat_id,
      text: row.content,
      replyTo: row.reply_to,
      files: fileIds(context, row.local_id, row.files),
      uploads: pendingUploads(context, row),
      anchor: { id: row.anchor_id, at: row.anchor_at, tie: row.anchor_tie },
      writtenAt: row.written_at,
      revision: row.revision,
    })),
    stored: stored.reverse().map((row) => ({ localId: row.local_id, serverId: row.server_id })),
    gone: [...new Set([...gone, ...tombstones(context)])],
  });
  clearTombstones(context);
}
