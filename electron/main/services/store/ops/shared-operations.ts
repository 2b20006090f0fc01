/** What a chat's messages share: files and links, newest first, for the side panel. Only what is stored here. */
import type { SharedFileView, SharedLinkView } from '#contract/ipc/file-views.ts';
import { PENDING_BASE, type MessagePosition } from '#contract/model/message-order.ts';
import { attachmentViews } from '../attachment-views.ts';
import type { StoreContext } from '../context.ts';
import { KINDS } from '../index-rows.ts';
import { personName } from '../people.ts';
import { moment, text } from '../values.ts';

/** Messages that are looked at in one go. */
const BATCH = 100;
/** The longest link that is listed, and the longest text around it, in characters. */
const LONGEST_LINK = 2048;
const LONGEST_TEXT = 200;

const LINKS = /\bhttps?:\/\/[^\s<>"'`]+/giu;
/** What follows a link in a sentence is no part of it. */
const TAIL = /[.,;:!?…)\]}*_~»”’]+$/u;

type Row = {
  row: number;
  id: string;
  local_id: string | null;
  at: number;
  tie: string;
  created_at: number;
  sender_id: string;
  content: string;
};

/** The place that a list continues from: after that message, or after that time if the message is gone. */
export interface SharedBefore {
  at: number;
  messageId: string;
}

function startOf(context: StoreContext, chatId: string, before: SharedBefore | null): MessagePosition {
  if (before === null) return { at: PENDING_BASE, tie: '' };
  const known = context.sql.get<{ at: number; tie: string }>(
    'SELECT at, tie FROM messages WHERE id = ? AND chat_id = ?',
    before.messageId,
    chatId,
  );
  return known ?? { at: before.at, tie: '' };
}

/**
 * Collects items of messages of some kinds, newest first, until there are enough: the items of a message stay together.
 */
function collect<T>(
  context: StoreContext,
  input: { chatId: string; before: SharedBefore | null; limit: number },
  kinds: number,
  itemsOf: (row: Row) => T[],
): { items: T[]; more: boolean } {
  // The reading thread hears of no changes.
  context.people.clear();
  const items: T[] = [];
  let from = startOf(context, input.chatId, input.before);
  for (;;) {
    const rows = context.sql.all<Row>(
      `SELECT row, id, local_id, at, tie, created_at, sender_id, content FROM messages
       WHERE chat_id = ? AND (at, tie) < (?, ?) AND id IS NOT NULL AND kinds > 0 AND kinds & ? > 0
       ORDER BY at DESC, tie DESC LIMIT 0 + ?`,
      input.chatId,
      from.at,
      from.tie,
      kinds,
      BATCH,
    );
    for (const row of rows) {
      const found = itemsOf(row);
      if (found.length > 0 && items.length >= input.limit) return { items, more: true };
      items.push(...found);
      from = row;
    }
    if (rows.length < BATCH) return { items, more: false };
  }
}

/** The files of a chat: pictures and films, documents, or music. Voice messages are in none of these. */
export function sharedFiles(
  context: StoreContext,
  input: { chatId: string; tab: 'media' | 'files' | 'music'; before: SharedBefore | null; limit: number },
): { items: SharedFileView[]; more: boolean } {
  const isWanted = ({ file: { kind, voice } }: SharedFileView): boolean => {
    if (input.tab === 'media') return kind === 'image' || kind === 'video';
    return input.tab === 'files' ? kind === 'document' : kind === 'audio' && !voice;
  };
  return collect(context, input, KINDS.file, (row) =>
    attachmentViews(context, row)
      .map((file) => ({
        messageId: row.id,
        chatId: input.chatId,
        senderName: personName(context, text(row.sender_id)),
        at: moment(row.created_at),
        file,
      }))
      .filter(isWanted),
  );
}

/** The web addresses in a text, each once. */
export function linksOf(content: string): string[] {
  const found = [...content.matchAll(LINKS)].map(([link]) => link.replace(TAIL, ''));
  return [...new Set(found)].filter((link) => link.length <= LONGEST_LINK && URL.canParse(link));
}

/** The links of a chat. */
export function sharedLinks(
  context: StoreContext,
  input: { chatId: string; before: SharedBefore | null; limit: number },
): { items: SharedLinkView[]; more: boolean } {
  return collect(context, input, KINDS.link, (row) => {
    const content = text(row.content);
    return linksOf(content).map((url) => ({
      messageId: row.id,
      at: moment(row.created_at),
      senderName: personName(context, text(row.sender_id)),
      url,
      text: content.slice(0, LONGEST_TEXT).toWellFormed(),
    }));
  });
}
