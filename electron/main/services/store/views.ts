/** Turns rows into views for the page. A row that makes no sense becomes a placeholder and is logged. */
import type { ChatView, MessageView, QuoteView, ReactionView, UnreadView } from '#contract/ipc/views.ts';
import { ERROR_CODES, type ErrorCode } from '#contract/model/errors.ts';
import { MOST } from '#contract/model/limits.ts';
import { SEND_STATES, type SendState } from '#contract/model/send-state.ts';
import { attachmentViews } from './attachment-views.ts';
import type { StoreContext } from './context.ts';
import { personName, personView } from './people.ts';
import { readPreview } from './previews.ts';
import { storedIds } from './stored-ids.ts';
import { idOr, idOrNull, moment, momentOrNull, number, text, textOrNull, within } from './values.ts';

/** A stored message with what the view of its quote needs. */
type ViewRow = {
  row: number;
  key: string;
  id: string | null;
  local_id: string | null;
  chat_id: string;
  at: number;
  tie: string;
  sender_id: string;
  mine: number;
  content: string;
  created_at: number;
  reply_to: string | null;
  quote_sender: string | null;
  quote_text: string | null;
  files: number;
  state: string | null;
  problem: string | null;
  undecided: number;
  double_of: string | null;
  replied_sender: string | null;
  replied_text: string | null;
};

const SELECT_VIEW = `
  SELECT m.row, m.key, m.id, m.local_id, m.chat_id, m.at, m.tie, m.sender_id, m.mine, m.content, m.created_at, m.reply_to,
    m.quote_sender, m.quote_text, m.files, m.state, m.problem, m.undecided, m.double_of,
    q.sender_id AS replied_sender, q.content AS replied_text
  FROM messages m LEFT JOIN messages q ON q.id = m.reply_to`;

const STATES: ReadonlySet<string> = new Set(SEND_STATES);
const CODES: ReadonlySet<string> = new Set(ERROR_CODES);

/** A stored state, or null if it is invalid. */
export function sendState(value: string | null): SendState | null {
  return value !== null && STATES.has(value) ? (value as SendState) : null;
}

function errorCode(value: string | null): ErrorCode | null {
  return value !== null && CODES.has(value) ? (value as ErrorCode) : null;
}

function quoteView(context: StoreContext, row: ViewRow): QuoteView | null {
  const id = idOrNull(row.reply_to);
  if (id === null) return null;
  const sender = textOrNull(row.replied_sender) ?? textOrNull(row.quote_sender);
  return {
    id,
    senderName: sender === null ? '' : personName(context, sender),
    mine: sender === context.me,
    text: textOrNull(row.replied_text) ?? text(row.quote_text),
    known: row.replied_sender !== null,
  };
}

function reactionViews(context: StoreContext, messageId: string): ReactionView[] {
  const byEmoji = new Map<string, ReactionView>();
  const rows = context.sql.all<{ emoji: string; user_id: string }>(
    'SELECT emoji, user_id FROM reactions WHERE message_id = ? ORDER BY at, user_id',
    messageId,
  );
  for (const { emoji, user_id } of rows) {
    const name = text(emoji);
    const id = idOrNull(user_id);
    if (name === '' || id === null) continue;
    let view = byEmoji.get(name);
    if (!view) byEmoji.set(name, (view = { emoji: name, mine: false, users: [] }));
    view.users.push({ id, name: personName(context, id) });
    view.mine ||= user_id === context.me;
  }
  return [...byEmoji.values()];
}

function toView(context: StoreContext, row: ViewRow): MessageView {
  return {
    key: row.key,
    chatId: row.chat_id,
    id: row.id,
    localId: idOrNull(row.local_id),
    position: { at: number(row.at), tie: text(row.tie) },
    senderId: idOr(row.sender_id),
    senderName: personName(context, idOr(row.sender_id)),
    mine: row.mine === 1,
    text: text(row.content),
    createdAt: moment(row.created_at),
    state: row.mine === 1 ? (sendState(row.state) ?? 'sent') : null,
    problem: errorCode(row.problem),
    undecided: row.undecided === 1,
    doubleOf: idOrNull(row.double_of),
    quote: quoteView(context, row),
    reactions: row.id === null ? [] : reactionViews(context, row.id),
    attachments: row.files > 0 ? attachmentViews(context, row) : [],
  };
}

/** The views of messages by their rows, oldest place first. */
export function messageViews(context: StoreContext, rows: readonly number[]): MessageView[] {
  const views: MessageView[] = [];
  for (const row of rows) {
    const found = context.sql.get<ViewRow>(`${SELECT_VIEW} WHERE m.row = ?`, row);
    if (found) views.push(toView(context, found));
  }
  return views.sort((a, b) => a.position.at - b.position.at || (a.position.tie < b.position.tie ? -1 : 1));
}

type ChatRow = {
  id: string;
  participants: string;
  activity_at: number;
  unread: number;
  has_files: number;
  has_music: number;
  preview: string | null;
  pinned: number | null;
  archived: number | null;
  muted: number | null;
  muted_until: number | null;
  marked_unread: number | null;
  draft: string | null;
  draft_reply: string | null;
  waiting: number | null;
  failed: number | null;
  key: string | null;
  mine: number | null;
  sender_id: string | null;
  content: string | null;
  files: number | null;
  created_at: number | null;
  state: string | null;
};

const SELECT_CHAT = `
  SELECT c.id, c.participants, c.activity_at, c.unread, c.has_files, c.has_music, c.preview,
    f.pinned, f.archived, f.muted, f.muted_until, f.marked_unread, d.text AS draft, d.reply_to AS draft_reply,
    o.waiting, o.failed, m.key, m.mine, m.sender_id, m.content, m.files, m.created_at, m.state
  FROM chats c
  LEFT JOIN flags f ON f.chat_id = c.id
  LEFT JOIN drafts d ON d.chat_id = c.id
  LEFT JOIN (
    SELECT chat_id, sum(state <> 'failed') AS waiting, sum(state = 'failed') AS failed FROM outbox
    WHERE state NOT IN ('sent', 'delivered', 'read') GROUP BY chat_id
  ) o ON o.chat_id = c.id
  LEFT JOIN messages m ON m.row = c.last_row`;

/** The people of a chat, as stored; a damaged list counts as empty. */
export function participantIds(context: StoreContext, chatId: string, json: string): string[] {
  return storedIds(context, json, 'store.participants_unreadable', { chatId });
}

function lastView(context: StoreContext, row: ChatRow): ChatView['last'] {
  const preview = readPreview(row.preview);
  if (preview && preview.at >= number(row.created_at)) {
    const mine = preview.senderId === context.me;
    return {
      key: preview.id,
      mine,
      senderName: personName(context, preview.senderId),
      text: preview.text.slice(0, 300).toWellFormed(),
      files: 0,
      at: moment(preview.at),
      state: mine ? (preview.status ?? 'sent') : null,
    };
  }
  if (row.key === null || row.sender_id === null) return null;
  return {
    key: row.key,
    mine: row.mine === 1,
    senderName: personName(context, idOr(row.sender_id)),
    // The list shows one line: more would only cost time on the bridge.
    text: text(row.content).slice(0, 300).toWellFormed(),
    files: Math.floor(within(row.files, MOST.count)),
    at: moment(row.created_at),
    state: row.mine === 1 ? (sendState(row.state) ?? 'sent') : null,
  };
}

function toChatView(context: StoreContext, row: ChatRow, now: number): ChatView {
  const participants = participantIds(context, row.id, row.participants).map((id) => personView(context, id));
  const others = participants.filter((participant) => participant.id !== context.me);
  const [peer] = others;
  const isMuted = row.muted === 1 && (row.muted_until === null || row.muted_until > now);
  return {
    id: row.id,
    title: others.map((participant) => participant.name).join(', ') || (participants[0]?.name ?? row.id),
    // A separate object: a thousand chats that reference theirs twice take three times as long to reach the page.
    peer: peer && others.length === 1 ? { ...peer } : null,
    participants,
    last: lastView(context, row),
    activityAt: moment(row.activity_at),
    unread: Math.floor(within(row.unread, MOST.count)),
    markedUnread: row.marked_unread === 1,
    pinned: row.pinned === 1,
    archived: row.archived === 1,
    muted: isMuted ? { until: momentOrNull(row.muted_until) } : null,
    draft: text(row.draft),
    draftReplyTo: idOrNull(row.draft_reply),
    waiting: within(row.waiting, MOST.count),
    failed: within(row.failed, MOST.count),
    hasFiles: row.has_files === 1,
    hasMusic: row.has_music === 1,
  };
}

/** The views of chats by id, newest activity first. */
export function chatViews(context: StoreContext, now: number, ids: readonly string[]): ChatView[] {
  if (ids.length === 0) return [];
  const rows = context.sql.all<ChatRow>(
    `${SELECT_CHAT} WHERE c.id IN (SELECT value FROM json_each(?)) ORDER BY c.activity_at DESC, c.id`,
    JSON.stringify(ids),
  );
  return rows.map((row) => toChatView(context, row, now));
}

/** A place in the list: after the chat with these values. */
export type ListPlace = Pick<ChatView, 'pinned' | 'activityAt' | 'id'>;

/** `limit` chats of the list, from its start or after a place; `more`: others follow. */
export function listedChats(
  context: StoreContext,
  { now, after, limit }: { now: number; after: ListPlace | null; limit: number },
): { chats: ChatView[]; more: boolean } {
  // The ids first: the joins are then made only for the chats that are wanted.
  const ids = context.sql.all<{ id: string }>(
    `SELECT c.id FROM chats c LEFT JOIN flags f ON f.chat_id = c.id
     WHERE (-coalesce(f.pinned, 0), -c.activity_at, c.id) > (?, ?, ?)
     ORDER BY coalesce(f.pinned, 0) DESC, c.activity_at DESC, c.id LIMIT 0 + ?`,
    after ? -Number(after.pinned) : -2,
    after ? -after.activityAt : 0,
    after?.id ?? '',
    limit + 1,
  );
  const wanted = ids.slice(0, limit).map(({ id }) => id);
  return { chats: chatViews(context, now, wanted), more: ids.length > limit };
}

/** The single source of truth for unread counts: every chat that is not muted now. */
export function unreadView(context: StoreContext, now: number): UnreadView {
  const sum = context.sql.get<{ messages: number | null; chats: number | null }>(
    `SELECT sum(min(max(c.unread, 0), ${MOST.count})) AS messages, sum(c.unread > 0 OR coalesce(f.marked_unread, 0) = 1) AS chats
     FROM chats c LEFT JOIN flags f ON f.chat_id = c.id
     WHERE (c.unread > 0 OR f.marked_unread = 1)
       AND NOT (coalesce(f.muted, 0) = 1 AND (f.muted_until IS NULL OR f.muted_until > ?))`,
    now,
  );
  return { messages: sum?.messages ?? 0, chats: sum?.chats ?? 0 };
}
