/**
 * Which changes of the chat list are worth a notification. Pure: the list before, what changed, and the moment. Every
 * silence has its name.
 */
import { plainText } from '#contract/model/message-text/blocks.ts';
import type { ChatView } from '#contract/ipc/views.ts';

/** Why nothing is shown for a changed chat. */
type Silence = 'nothing_new' | 'own' | 'muted' | 'watching' | 'old';

/** What is shown for one chat. */
export interface Notice {
  chatId: string;
  /** The server's id of the newest message: where a click leads. */
  messageId: string;
  title: string;
  body: string;
}

export type Decision = { show: true; notice: Notice } | { show: false; why: Silence };

/** A message that is older than this when it arrives was missed while nothing ran; the badge tells of it. In milliseconds. */
const STALE_MS = 10 * 60 * 1000;
/** Characters of a preview. */
const LONGEST_BODY = 200;

/** True while the person wants no sound from this chat. `now` in milliseconds since the epoch. */
export function isMuted(chat: Pick<ChatView, 'muted'>, now: number): boolean {
  return chat.muted !== null && (chat.muted.until === null || chat.muted.until > now);
}

/** As the message is drawn: one line, without the marks. */
function preview(text: string): string {
  const line = plainText(text);
  const characters = [...line];
  return characters.length > LONGEST_BODY ? `${characters.slice(0, LONGEST_BODY - 1).join('')}…` : line;
}

/**
 * Decides for one chat.
 * @param unreadBefore what the chat counted before the change; 0 for one that was not known.
 * @param moment.now the computer's time: what the person set, as the end of a mute, was set by it.
 * @param moment.serverNow the server's time, which dates the messages; null while it is not known: nothing is old then.
 * @param moment.watching the person looks at the program.
 * @param moment.fileText what stands for a message that is files alone.
 */
export function decide(
  chat: ChatView,
  unreadBefore: number,
  moment: { now: number; serverNow: number | null; watching: boolean; fileText: (files: number) => string },
): Decision {
  const { last } = chat;
  if (last === null || chat.unread <= unreadBefore) return { show: false, why: 'nothing_new' };
  if (last.mine) return { show: false, why: 'own' };
  if (isMuted(chat, moment.now)) return { show: false, why: 'muted' };
  if (moment.watching) return { show: false, why: 'watching' };
  if (moment.serverNow !== null && moment.serverNow - last.at > STALE_MS) return { show: false, why: 'old' };
  const text = preview(last.text) || moment.fileText(last.files);
  const inGroup = chat.peer === null;
  return {
    show: true,
    notice: {
      chatId: chat.id,
      messageId: last.key,
      title: chat.title,
      body: inGroup ? `${last.senderName}: ${text}` : text,
    },
  };
}
