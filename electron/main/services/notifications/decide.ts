/**
 * Which changes of the chat list are worth a notification. Pure: the list before, what changed, and the moment. Every
 * silence has a name.
 */
import { plainText } from '#contract/model/message-text/blocks.ts';
import type { SilenceReason } from '#contract/ipc/desktop-views.ts';
import type { ChatView } from '#contract/ipc/views.ts';
import type { NoticeRules } from './notice-rules.ts';

/** Why nothing is shown for a changed chat. */
type Silence = 'nothing_new' | Exclude<SilenceReason, 'repeated' | 'system_failed' | 'unsupported'>;

/** What is shown for one chat. */
export interface Notice {
  chatId: string;
  /** The server's id of the newest message: the target of a click. */
  messageId: string;
  title: string;
  body: string;
  /** Address of the picture of whoever wrote; null when there is none, or nobody may be seen. */
  face: string | null;
}

export type Decision = { show: true; notice: Notice } | { show: false; why: Silence };

/** What stands in a notification in place of what its user keeps private, or what is no text. */
export interface NoticeWords {
  files(count: number): string;
  message: string;
  app: string;
}

/**
 * A message older than this on arrival was missed while the app was not running; the badge counts it. In milliseconds.
 */
const STALE_MS = 10 * 60 * 1000;
/** Maximum number of characters of a preview. */
const LONGEST_BODY = 200;

/** True while the chat is muted. `now` in milliseconds since the epoch. */
export function isMuted(chat: Pick<ChatView, 'muted'>, now: number): boolean {
  return chat.muted !== null && (chat.muted.until === null || chat.muted.until > now);
}

/** The message as it is drawn: one line, without formatting marks. */
function preview(text: string): string {
  const line = plainText(text);
  const characters = [...line];
  return characters.length > LONGEST_BODY ? `${characters.slice(0, LONGEST_BODY - 1).join('')}…` : line;
}

/**
 * Decides for one chat.
 * @param unreadBefore the chat's unread count before the change; 0 if the chat was not known.
 * @param moment.now this computer's time, by which the user's own times, such as the end of a mute, were set.
 * @param moment.serverNow the server's time, which dates the messages; null if unknown: nothing is old then.
 * @param moment.watching the user is looking at the app.
 * @param moment.presenting the user shares a screen.
 * @param moment.rules what the user's settings say now.
 * @param moment.words words in place of a message's own.
 */
export function decide(
  chat: ChatView,
  unreadBefore: number,
  moment: {
    now: number;
    serverNow: number | null;
    watching: boolean;
    presenting: boolean;
    rules: NoticeRules;
    words: NoticeWords;
  },
): Decision {
  const { last } = chat;
  if (last === null || chat.unread <= unreadBefore) return { show: false, why: 'nothing_new' };
  if (last.mine) return { show: false, why: 'own' };
  if (isMuted(chat, moment.now)) return { show: false, why: 'muted' };
  if (moment.watching) return { show: false, why: 'watching' };
  if (moment.rules.silence !== null) return { show: false, why: moment.rules.silence };
  if (moment.presenting) return { show: false, why: 'presenting' };
  if (moment.serverNow !== null && moment.serverNow - last.at > STALE_MS) return { show: false, why: 'old' };
  return { show: true, notice: { chatId: chat.id, messageId: last.key, ...wordsOf(chat, last, moment) } };
}

function wordsOf(
  chat: ChatView,
  last: NonNullable<ChatView['last']>,
  { rules, words }: { rules: NoticeRules; words: NoticeWords },
): Pick<Notice, 'title' | 'body' | 'face'> {
  if (rules.content === 'nothing') return { title: words.app, body: words.message, face: null };
  const inGroup = chat.peer === null;
  const text = rules.content === 'full' ? preview(last.text) || words.files(last.files) : words.message;
  return {
    title: chat.title,
    body: inGroup ? `${last.senderName}: ${text}` : text,
    face: chat.peer?.avatarUrl ?? null,
  };
}
