/** The search index: the folded words of a message, and tags for the filters. */
import type { StoreContext } from './context.ts';
import { foldedWords } from '#contract/model/search-text.ts';

/** What a message can contain, as bits of `messages.kinds`. */
export const KINDS = { file: 1, image: 2, audio: 4, video: 8, link: 16 } as const;

const LINK = /\bhttps?:\/\/[^\s/$.?#][^\s]*/iu;

/** The kinds that follow from a message's text and the types of its files. */
export function kindsOf(content: string, mimeTypes: readonly string[]): number {
  let kinds = LINK.test(content) ? KINDS.link : 0;
  for (const type of mimeTypes) {
    kinds |= KINDS.file;
    if (type.startsWith('image/')) kinds |= KINDS.image;
    if (type.startsWith('audio/')) kinds |= KINDS.audio;
    if (type.startsWith('video/')) kinds |= KINDS.video;
  }
  return kinds;
}

/** An id as one word of the index: what is not a letter or a digit is replaced. Equal tags are checked again by id. */
export function idTag(kind: 'chat' | 'sender', id: string): string {
  return `${kind === 'chat' ? 'c' : 's'}x${id.replace(/[^A-Za-z0-9]/g, 'z').toLowerCase()}`;
}

/** The tags that the filters match. */
export function tagsOf(chatId: string, senderId: string, kinds: number): string {
  const tags = [idTag('chat', chatId), idTag('sender', senderId)];
  for (const [kind, bit] of Object.entries(KINDS)) if (kinds & bit) tags.push(`has${kind}`);
  return tags.join(' ');
}

/** Adds a message to the index. One that the build of the index has not reached is added then. */
export function indexMessage(
  context: StoreContext,
  message: { row: number; content: string; chatId: string; senderId: string; kinds: number },
): void {
  if (message.row < context.index.from) return;
  context.sql.run(
    'INSERT INTO message_index (rowid, words, tags) VALUES (?, ?, ?)',
    message.row,
    foldedWords(message.content),
    tagsOf(message.chatId, message.senderId, message.kinds),
  );
}

/** Removes a message from the index. */
export function unindexMessage(context: StoreContext, row: number): void {
  if (row >= context.index.from) context.sql.run('DELETE FROM message_index WHERE rowid = ?', row);
}
