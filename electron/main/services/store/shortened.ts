import type { Message } from '#contract/api/message.ts';
import type { Changes } from './changes.ts';
import type { StoreContext } from './context.ts';
import { placeOf, rowById, senderOf, storeMessage, type Origin } from './message-rows.ts';
import type { Preview } from './previews.ts';

/**
 * Takes what a shortened message contains: of one that is here, its status; of another, its preview for the list.
 * @returns whether the message is here.
 */
export function takeShortened(context: StoreContext, last: Message, origin: Origin, changes: Changes): boolean {
  const known = rowById(context, last.id);
  const { chatId, id, createdAt, senderId, sender, status, content } = last;
  if (known) {
    storeMessage(context, { chatId, id, createdAt, senderId, sender, status, content: known.content }, origin, changes);
    return true;
  }
  const from = senderOf(last);
  const place = placeOf(context, last, origin.now);
  if (from === null || !place) return false;
  const preview: Preview = { id, senderId: from, text: content, at: place.at, status };
  context.sql.run('UPDATE chats SET preview = ? WHERE id = ?', JSON.stringify(preview), chatId);
  changes.chat(chatId);
  return false;
}
