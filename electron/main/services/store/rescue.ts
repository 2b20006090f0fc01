/**
 * When the database cannot be trusted: it is renamed, never deleted; a new one is begun; unsent messages come back from
 * the journal, and drafts and the list's order from the damaged file as far as they can be read. What the server has is
 * fetched again by the ordinary way.
 */
import { existsSync, renameSync, statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { pendingPosition } from '#contract/model/message-order.ts';
import { ensureChat, refreshChat } from './chat-rows.ts';
import type { StoreContext } from './context.ts';
import { indexMessage, kindsOf } from './index-rows.ts';
import type { Journal, WrittenLine } from './journal.ts';
import { freeRow } from './place.ts';
import type { WorkerLog } from './protocol.ts';
import type { Sql, Row } from './sql.ts';

/** After an unclean end, files up to this size are checked through: larger ones would hold the start up. */
const CHECK_UP_TO = 64 * 1024 * 1024;

/** True when an unclean end left pages that do not fit together. Reads the whole file, so only small ones are asked. */
export function isDamaged(sql: Sql, path: string): boolean {
  if (statSync(path).size > CHECK_UP_TO) return false;
  return sql.get<{ quick_check: string }>('PRAGMA quick_check(1)')?.quick_check !== 'ok';
}

/** Renames the database and what belongs to it; the new name of the main file. */
export function setAside(path: string, now: number, log: WorkerLog): string {
  const stamp = new Date(now).toISOString().replace(/[:.]/g, '-');
  let aside = `${path}.damaged-${stamp}`;
  for (let n = 1; existsSync(aside); n += 1) aside = `${path}.damaged-${stamp}-${n}`;
  for (const suffix of ['', '-wal', '-shm']) {
    if (existsSync(`${path}${suffix}`)) renameSync(`${path}${suffix}`, `${aside}${suffix}`);
  }
  log('error', 'store.set_aside', {});
  return aside;
}

/** Brings unsent messages into a new database. Nobody knows which of them had left: all count as unanswered. */
export function rescueOutbox(context: StoreContext, journal: Journal, now: number): number {
  const { open, stored, skipped } = journal.read();
  const own = open.filter((line) => line.account === context.account);
  context.sql.transaction(() => {
    for (const { localId, serverId } of stored) {
      context.sql.run('INSERT OR IGNORE INTO claimed (server_id, local_id) VALUES (?, ?)', serverId, localId);
    }
    own.forEach((line, index) => rescueOne(context, line, index + 1, now));
    for (const chatId of new Set(own.map((line) => line.chatId))) refreshChat(context, chatId);
  });
  context.log('warn', 'store.outbox_rescued', { messages: own.length, stored: stored.length, skipped });
  return own.length;
}

function rescueOne(context: StoreContext, line: WrittenLine, seq: number, now: number): void {
  ensureChat(context, line.chatId, context.me, line.writtenAt);
  const row = freeRow(context.sql, line.writtenAt);
  const place = pendingPosition(seq, line.localId);
  const kinds = kindsOf(line.text, []);
  const added = context.sql.run(
    `INSERT OR IGNORE INTO outbox (local_id, account, chat_id, seq, content, reply_to, files, state, attempt, unanswered, next_at,
       anchor_id, anchor_at, anchor_tie, written_at, queued_at) VALUES (?, ?, ?, ?, ?, ?, ?, 'unknown', 1, 1, ?, ?, ?, ?, ?, ?)`,
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
}

/** Copies drafts and the person's own order of chats out of a damaged file: what can be read, row by row. */
export function rescueChoices(context: StoreContext, aside: string): void {
  const copy = (table: 'drafts' | 'flags', columns: readonly string[]): void => {
    let copied = 0;
    try {
      const db = new DatabaseSync(aside, { readOnly: true });
      try {
        for (const row of db.prepare(`SELECT ${columns.join(', ')} FROM ${table}`).iterate() as Iterable<Row>) {
          const values = columns.map((column) => row[column] ?? null);
          context.sql.run(
            `INSERT OR IGNORE INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
            ...values,
          );
          copied += 1;
        }
      } finally {
        db.close();
      }
    } catch (error) {
      context.log('warn', 'store.choices_unreadable', {
        table,
        copied,
        reason: error instanceof Error ? error.name : 'unknown',
      });
    }
  };
  copy('drafts', ['chat_id', 'text', 'reply_to']);
  copy('flags', ['chat_id', 'pinned', 'archived', 'muted', 'muted_until', 'marked_unread']);
}

/** A fresh journal from the database, which is the truth. */
export function renewJournal(context: StoreContext, journal: Journal): void {
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
  };
  const open = context.sql.all<Open>(
    `SELECT local_id, chat_id, content, reply_to, files, anchor_id, anchor_at, anchor_tie, written_at FROM outbox
     WHERE state NOT IN ('sent', 'delivered', 'read') AND account = ? ORDER BY written_at, seq`,
    context.account,
  );
  const stored = context.sql.all<{ local_id: string; server_id: string }>(
    'SELECT local_id, server_id FROM outbox WHERE server_id IS NOT NULL ORDER BY written_at DESC LIMIT 1000',
  );
  journal.rewrite({
    open: open.map((row) => ({
      kind: 'written',
      account: context.account,
      localId: row.local_id,
      chatId: row.chat_id,
      text: row.content,
      replyTo: row.reply_to,
      files: fileIds(row.files),
      anchor: { id: row.anchor_id, at: row.anchor_at, tie: row.anchor_tie },
      writtenAt: row.written_at,
    })),
    stored: stored.reverse().map((row) => ({ localId: row.local_id, serverId: row.server_id })),
  });
}

function fileIds(json: string): string[] {
  const ids: unknown = JSON.parse(json);
  return Array.isArray(ids) ? ids.filter((id) => typeof id === 'string') : [];
}
