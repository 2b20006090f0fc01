/**
 * The outbox's rows. Every operation is one transaction: message and job change together or not at all, and what the
 * page is told has been committed before.
 */
import type { Message } from '#contract/api/message.ts';
import type { MessageDetails, MessageView } from '#contract/ipc/views.ts';
import type { ErrorCode } from '#contract/model/errors.ts';
import { PENDING_BASE, pendingPosition } from '#contract/model/message-order.ts';
import {
  holdsBackLater,
  isServerStatus,
  isWithdrawable,
  nextSendState,
  type SendEvent,
  type SendState,
} from '#contract/model/send-state.ts';
import { changing, type Changes, inTransaction } from '../changes.ts';
import type { StoreContext } from '../context.ts';
import { fileIds } from '../file-rows.ts';
import { indexMessage, kindsOf, unindexMessage } from '../index-rows.ts';
import { findCandidate } from '../matching.ts';
import { bindMessage, noteState, placeOf, removeRow, senderOf, storeMessage, type Origin } from '../message-rows.ts';
import { freeRow } from '../place.ts';
import type { ChangeSet } from '../protocol.ts';
import { addTombstone } from '../recovery/tombstones.ts';
import { messageViews, sendState } from '../views.ts';

/** The oldest unfinished message of a chat: the one that is next, or that the others wait for. */
export interface OutboxHead {
  localId: string;
  chatId: string;
  state: SendState;
  /** For the person's eyes only: a wall clock may jump. */
  nextAt: number;
  /** Milliseconds for which it had been tried when its last try was written down. */
  tried: number;
  unanswered: number;
}

/** What leaves: the request's body and what was known when it left. */
export interface Departure {
  localId: string;
  chatId: string;
  content: string;
  replyTo: string | null;
  files: string[];
  attempt: number;
}

type OutboxRow = {
  local_id: string;
  account: string;
  chat_id: string;
  seq: number;
  content: string;
  reply_to: string | null;
  files: string;
  state: string;
  attempt: number;
  unanswered: number;
  next_at: number;
  server_id: string | null;
  queued_at: number;
  revision: number;
};

const COLUMNS =
  'local_id, account, chat_id, seq, content, reply_to, files, state, attempt, unanswered, next_at, server_id, queued_at, revision';

function find(context: StoreContext, localId: string): OutboxRow | undefined {
  return context.sql.get<OutboxRow>(
    `SELECT ${COLUMNS} FROM outbox WHERE local_id = ? AND account = ?`,
    localId,
    context.account,
  );
}

function messageRow(context: StoreContext, localId: string): number | null {
  return context.sql.get<{ row: number }>('SELECT row FROM messages WHERE local_id = ?', localId)?.row ?? null;
}

/**
 * For how long a message has been tried, in milliseconds. `queued_at` and `next_at` are always written together, by the
 * same reading of a clock, so what lies between them is a length that no later setting of that clock can change.
 */
function triedFor(row: Pick<OutboxRow, 'next_at' | 'queued_at'>): number {
  return Math.max(0, row.next_at - row.queued_at);
}

/** Moves job and message by one event, and tells of it. */
function move(
  context: StoreContext,
  row: OutboxRow,
  event: SendEvent,
  facts: { now: number; nextAt?: number; tried?: number; problem?: ErrorCode | null; undecided?: boolean },
  changes: Changes,
): SendState {
  const from = sendState(row.state) ?? 'queued';
  const to = nextSendState(from, event);
  // An echo was faster than the end of its request: the server has it, and nothing is wrong with it.
  if (isServerStatus(from)) return from;
  context.sql.run(
    'UPDATE outbox SET state = ?, next_at = ?, queued_at = ? WHERE local_id = ?',
    to,
    facts.nextAt ?? row.next_at,
    facts.nextAt === undefined ? row.queued_at : facts.now - (facts.tried ?? triedFor(row)),
    row.local_id,
  );
  context.sql.run(
    'UPDATE messages SET state = ?, problem = ?, undecided = ? WHERE local_id = ?',
    to,
    facts.problem ?? null,
    Number(facts.undecided ?? false),
    row.local_id,
  );
  const message = messageRow(context, row.local_id);
  if (message !== null) {
    if (to !== from) noteState(context, message, to, facts.now);
    changes.message(row.chat_id, message);
  }
  if (to === 'failed' && from !== 'failed') changes.failed(row.local_id, facts.problem ?? 'internal');
  return to;
}

/** The newest message of the chat that the server has, as known here: what is stored later stands after it. */
function newestStored(context: StoreContext, chatId: string): { id: string; at: number; tie: string } | undefined {
  return context.sql.get(
    `SELECT id, at, tie FROM messages WHERE chat_id = ? AND at < ${PENDING_BASE} AND id IS NOT NULL ORDER BY at DESC, tie DESC LIMIT 1`,
    chatId,
  );
}

/** Writes the message and its job. The bubble may be shown as soon as this has answered. */
export function enqueue(
  context: StoreContext,
  input: {
    localId: string;
    chatId: string;
    text: string;
    replyTo: string | null;
    files: string[];
    state: 'queued' | 'waiting_auth';
    /** When it was written, by the server's clock as far as that is known; left out: now. */
    writtenAt?: number;
    now: number;
  },
): { view: MessageView; changes: ChangeSet } | null {
  const { result, changes } = changing(context, input.now, (tell) => {
    if (!context.sql.get('SELECT id FROM chats WHERE id = ?', input.chatId)) return null;
    const last = context.sql.get<{ seq: number | null }>(
      'SELECT max(seq) AS seq FROM outbox WHERE chat_id = ?',
      input.chatId,
    );
    const seq = (last?.seq ?? 0) + 1;
    const anchor = newestStored(context, input.chatId);
    context.sql.run(
      `INSERT INTO outbox (local_id, account, chat_id, seq, content, reply_to, files, state, next_at, anchor_id, anchor_at, anchor_tie, written_at, queued_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      input.localId,
      context.account,
      input.chatId,
      seq,
      input.text,
      input.replyTo,
      JSON.stringify(input.files),
      input.state,
      input.now,
      anchor?.id ?? null,
      anchor?.at ?? -1,
      anchor?.tie ?? '',
      input.now,
      input.now,
    );
    // Among the server's times it must not be older than what it was written after, whatever this computer's clock says.
    const writtenAt = Math.max(input.writtenAt ?? input.now, anchor?.at ?? 0);
    const made = freeRow(context.sql, writtenAt);
    const place = pendingPosition(seq, input.localId);
    const kinds = kindsOf(input.text, []);
    context.sql.run(
      `INSERT INTO messages (row, key, local_id, chat_id, at, tie, sender_id, mine, content, created_at, reply_to, kinds, state)
       VALUES (?, ?, ?, ?, ?, ?, ?, 1, ?, ?, ?, ?, ?)`,
      made,
      input.localId,
      input.localId,
      input.chatId,
      place.at,
      place.tie,
      context.me,
      input.text,
      writtenAt,
      input.replyTo,
      kinds,
      input.state,
    );
    indexMessage(context, { row: made, content: input.text, chatId: input.chatId, senderId: context.me, kinds });
    noteState(context, made, input.state, input.now);
    context.sql.run('DELETE FROM drafts WHERE chat_id = ?', input.chatId);
    context.journal.push({
      kind: 'written',
      account: context.account,
      localId: input.localId,
      chatId: input.chatId,
      text: input.text,
      replyTo: input.replyTo,
      files: input.files,
      anchor: { id: anchor?.id ?? null, at: anchor?.at ?? -1, tie: anchor?.tie ?? '' },
      writtenAt: input.now,
      revision: 0,
    });
    tell.message(input.chatId, made);
    return messageViews(context, [made])[0] ?? null;
  });
  return result ? { view: result, changes } : null;
}

/** For each chat the first message that is neither stored nor failed. */
export function outboxHeads(context: StoreContext, _input: Record<never, never>): OutboxHead[] {
  const rows = context.sql.all<OutboxRow>(
    `SELECT ${COLUMNS.split(', ')
      .map((column) => `o.${column}`)
      .join(', ')} FROM outbox o JOIN (
       SELECT chat_id, min(seq) AS first FROM outbox
       WHERE state NOT IN ('sent', 'delivered', 'read') AND state <> 'failed' AND account = ? GROUP BY chat_id
     ) h ON h.chat_id = o.chat_id AND h.first = o.seq ORDER BY o.written_at`,
    context.account,
  );
  return rows.flatMap((row) => {
    const state = sendState(row.state) ?? 'queued';
    if (!holdsBackLater(state)) return [];
    const { local_id: localId, chat_id: chatId, next_at: nextAt, unanswered } = row;
    return [{ localId, chatId, state, nextAt, tried: triedFor(row), unanswered }];
  });
}

/** Before the request: state, attempt and anchor are committed, so that a crash from here on is an unanswered send. */
export function beginAttempt(
  context: StoreContext,
  input: { localId: string; now: number },
): { departure: Departure | null; changes: ChangeSet } {
  let departure: Departure | null = null;
  const changes = inTransaction(context, input.now, (tell) => {
    const row = find(context, input.localId);
    if (!row || row.state !== 'queued') return;
    move(context, row, { type: 'attempt' }, { now: input.now }, tell);
    const anchor = newestStored(context, row.chat_id);
    // After an unanswered attempt the anchor stays: that attempt may still be stored, and must be found.
    if (row.unanswered === 0 && anchor) {
      context.sql.run(
        'UPDATE outbox SET anchor_id = ?, anchor_at = ?, anchor_tie = ? WHERE local_id = ?',
        anchor.id,
        anchor.at,
        anchor.tie,
        row.local_id,
      );
      context.journal.push({ kind: 'left', localId: row.local_id, anchor });
    }
    context.sql.run('UPDATE outbox SET attempt = attempt + 1 WHERE local_id = ?', row.local_id);
    departure = {
      localId: row.local_id,
      chatId: row.chat_id,
      content: row.content,
      replyTo: row.reply_to,
      files: fileIds(context, row.local_id, row.files),
      attempt: row.attempt + 1,
    };
  });
  return { departure, changes };
}

/** How an attempt ended without the server's message. */
export type AttemptEnd = Exclude<SendEvent['type'], 'stored' | 'attempt' | 'auth_back' | 'resend'>;

/** Writes the end of an attempt, or a decision on a message that waits. */
export function endAttempt(
  context: StoreContext,
  input: {
    localId: string;
    end: AttemptEnd;
    nextAt: number;
    /** For how long it has been tried by now, in milliseconds; left out: for as long as before. */
    tried?: number;
    problem: ErrorCode | null;
    now: number;
  },
): ChangeSet {
  return inTransaction(context, input.now, (changes) => {
    const row = find(context, input.localId);
    if (!row) return;
    const isUndecided = input.end === 'undecidable' || (input.end === 'expired' && row.unanswered > 0);
    move(
      context,
      row,
      { type: input.end },
      {
        now: input.now,
        nextAt: input.nextAt,
        ...(input.tried === undefined ? {} : { tried: input.tried }),
        problem: input.problem,
        undecided: isUndecided,
      },
      changes,
    );
    if (input.end === 'no_answer' && row.state === 'sending')
      context.sql.run('UPDATE outbox SET unanswered = unanswered + 1 WHERE local_id = ?', input.localId);
  });
}

/** The server's answer: the message has its place now. */
export function acknowledge(
  context: StoreContext,
  input: { localId: string; message: Message; now: number },
): { changes: ChangeSet; bound: boolean } {
  const origin: Origin = { now: input.now, fresh: false, keepReactions: new Set() };
  let isBound = false;
  const changes = inTransaction(context, input.now, (tell) => {
    const row = find(context, input.localId);
    const place = placeOf(context, input.message, input.now);
    if (!place || senderOf(input.message) === null) return;
    const isOurs = row && row.chat_id === input.message.chatId && senderOf(input.message) === context.me;
    if (isOurs) bindMessage(context, input.localId, input.message, origin, tell);
    else storeMessage(context, input.message, origin, tell);
    isBound = isOurs === true;
    // The answer does not prove that nothing came in between, so no interval grows by it: the live end or the history
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
  const changes = inTransaction(context, input.now, (tell) => {
    const row = find(context, input.localId);
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
      tell,
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

/** At start: a send that was on its way when the program ended is unanswered; what waited may go at once. */
export function recoverOutbox(context: StoreContext, input: { now: number; settleMs: number }): ChangeSet {
  return inTransaction(context, input.now, (changes) => {
    const rows = context.sql.all<OutboxRow>(
      `SELECT ${COLUMNS} FROM outbox WHERE state = 'sending' AND account = ?`,
      context.account,
    );
    for (const row of rows) {
      move(context, row, { type: 'no_answer' }, { now: input.now }, changes);
      context.sql.run('UPDATE outbox SET unanswered = unanswered + 1 WHERE local_id = ?', row.local_id);
    }
    const rebase = (state: SendState, nextAt: number): void => {
      context.sql.run(
        'UPDATE outbox SET queued_at = ? - max(0, next_at - queued_at), next_at = ? WHERE state = ?',
        input.now,
        nextAt,
        state,
      );
    };
    rebase('queued', input.now);
    rebase('unknown', input.now + input.settleMs);
  });
}

/** The network is back: what waits for its next try waits no longer. */
export function hurryOutbox(context: StoreContext, input: { now: number }): null {
  context.sql.run(
    `UPDATE outbox SET queued_at = ? - max(0, next_at - queued_at), next_at = ? WHERE state = 'queued' AND next_at > ?`,
    input.now,
    input.now,
    input.now,
  );
  return null;
}

/** The token ended, or is back: everything that waits changes together. */
export function switchAuth(context: StoreContext, input: { lost: boolean; now: number }): ChangeSet {
  return inTransaction(context, input.now, (changes) => {
    const from = input.lost ? 'queued' : 'waiting_auth';
    const rows = context.sql.all<OutboxRow>(
      `SELECT ${COLUMNS} FROM outbox WHERE state = ? AND account = ?`,
      from,
      context.account,
    );
    for (const row of rows) {
      const event: SendEvent = { type: input.lost ? 'auth_lost' : 'auth_back' };
      move(
        context,
        row,
        event,
        { now: input.now, nextAt: input.now, problem: input.lost ? 'unauthenticated' : null },
        changes,
      );
    }
  });
}

/** What came of a wish of the person. */
export type Wish =
  { done: true; changes: ChangeSet; view: MessageView | null } | { done: false; reason: 'not_found' | 'too_late' };

function wish(
  context: StoreContext,
  localId: string,
  now: number,
  allowed: (row: OutboxRow, state: SendState) => boolean,
  work: (row: OutboxRow, changes: Changes) => void,
): Wish {
  const { result, changes } = changing(context, now, (tell) => {
    const row = find(context, localId);
    if (!row) return 'not_found';
    if (!allowed(row, sendState(row.state) ?? 'queued')) return 'too_late';
    work(row, tell);
    const message = messageRow(context, localId);
    return message === null ? null : (messageViews(context, [message])[0] ?? null);
  });
  return typeof result === 'string' ? { done: false, reason: result } : { done: true, changes, view: result };
}

function takeAway(context: StoreContext, row: OutboxRow, changes: Changes): void {
  const message = messageRow(context, row.local_id);
  if (message !== null) removeRow(context, message);
  context.sql.run('DELETE FROM outbox WHERE local_id = ?', row.local_id);
  addTombstone(context, row.local_id);
  context.journal.push({ kind: 'ended', localId: row.local_id, serverId: null });
  changes.removed(row.chat_id, row.local_id);
}

/** True while no request with it ever left without a clear answer. */
function neverLeft(row: OutboxRow, state: SendState): boolean {
  return isWithdrawable(state) && row.unanswered === 0;
}

/** Takes back a message that has not left. */
export function cancel(context: StoreContext, input: { localId: string; now: number }): Wish {
  return wish(context, input.localId, input.now, neverLeft, (row, changes) => takeAway(context, row, changes));
}

/** Gives up a failed message. */
export function discard(context: StoreContext, input: { localId: string; now: number }): Wish {
  return wish(
    context,
    input.localId,
    input.now,
    (_row, state) => state === 'failed',
    (row, changes) => takeAway(context, row, changes),
  );
}

/** The person's last word on a message; the journal hears of it too, for the database may lose its newest part. */
function noteWording(context: StoreContext, row: OutboxRow, text: string): void {
  const revision = row.revision + 1;
  context.sql.run('UPDATE outbox SET content = ?, revision = ? WHERE local_id = ?', text, revision, row.local_id);
  context.journal.push({ kind: 'changed', localId: row.local_id, text, revision });
}

/** Changes the text of a message that has not left, or that the server refused: that one is sent again with it. */
export function edit(context: StoreContext, input: { localId: string; text: string; now: number }): Wish {
  return wish(
    context,
    input.localId,
    input.now,
    (row, state) => neverLeft(row, state) || (state === 'failed' && row.unanswered === 0),
    (row, changes) => {
      noteWording(context, row, input.text);
      const message = messageRow(context, row.local_id);
      if (message !== null) {
        const kinds = kindsOf(input.text, []);
        context.sql.run('UPDATE messages SET content = ?, kinds = ? WHERE row = ?', input.text, kinds, message);
        unindexMessage(context, message);
        indexMessage(context, { row: message, content: input.text, chatId: row.chat_id, senderId: context.me, kinds });
        changes.message(row.chat_id, message);
      }
      if (row.state === 'failed') again(context, row, input.now, changes);
    },
  );
}

function again(context: StoreContext, row: OutboxRow, now: number, changes: Changes): void {
  move(context, row, { type: 'resend' }, { now, nextAt: now, tried: 0 }, changes);
}

/** Sends a failed or undecided message again. */
export function resend(context: StoreContext, input: { localId: string; now: number }): Wish {
  return wish(
    context,
    input.localId,
    input.now,
    (_row, state) => state === 'failed',
    (row, changes) => {
      noteWording(context, row, row.content);
      again(context, row, input.now, changes);
    },
  );
}

/** Times, attempts and the next try of one message. */
export function details(context: StoreContext, input: { key: string }): MessageDetails | null {
  const found = context.sql.get<{
    row: number;
    key: string;
    id: string | null;
    local_id: string | null;
    mine: number;
    state: string | null;
    created_at: number;
  }>(
    'SELECT row, key, id, local_id, mine, state, created_at FROM messages WHERE key = ? OR id = ?',
    input.key,
    input.key,
  );
  if (!found) return null;
  const job = found.local_id === null ? undefined : find(context, found.local_id);
  const history = context.sql
    .all<{ state: string; at: number }>('SELECT state, at FROM state_times WHERE row = ? ORDER BY at, state', found.row)
    .flatMap(({ state, at }) => {
      const known = sendState(state);
      return known ? [{ state: known, at }] : [];
    });
  const state = found.mine === 1 ? sendState(found.state) : null;
  const isWaiting = state === 'queued' || state === 'unknown';
  return {
    key: found.key,
    id: found.id,
    state,
    history,
    attempts: job?.attempt ?? 0,
    nextTryAt: isWaiting ? (job?.next_at ?? null) : null,
  };
}
