/** Order and folders of the chat list. Pure. */
import type { ChatView } from '#contract/ipc/views.ts';
import { fold } from '#contract/model/search-text.ts';

/** The views of the list: all current chats, smart folders over them, and the archive. */
export const FOLDERS = ['all', 'unread', 'files', 'music', 'archived'] as const;
export type Folder = (typeof FOLDERS)[number];

/** Pinned first, then newest activity; ties are broken by id, so that rows do not swap randomly. */
export function compareChats(a: ChatView, b: ChatView): number {
  if (a.pinned !== b.pinned) return a.pinned ? -1 : 1;
  if (a.activityAt !== b.activityAt) return b.activityAt - a.activityAt;
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}

/** Returns a new sorted list with `upserts` in place and `removed` gone. `list` must be sorted. Linear time. */
export function mergeChats(
  list: readonly ChatView[],
  upserts: readonly ChatView[],
  removed: readonly string[],
): ChatView[] {
  const latest = new Map(upserts.map((chat) => [chat.id, chat]));
  for (const id of removed) latest.delete(id);
  const gone = new Set(removed);
  const fresh = [...latest.values()].sort(compareChats);
  const merged: ChatView[] = [];
  let next = 0;
  for (const chat of list) {
    if (gone.has(chat.id) || latest.has(chat.id)) continue;
    for (let candidate = fresh[next]; candidate && compareChats(candidate, chat) < 0; candidate = fresh[next]) {
      merged.push(candidate);
      next += 1;
    }
    merged.push(chat);
  }
  return merged.concat(fresh.slice(next));
}

/** True when the chat needs attention. */
export function isUnread(chat: ChatView): boolean {
  return chat.unread > 0 || chat.markedUnread;
}

/** True while the chat is muted at `now` (milliseconds since the epoch). */
export function isMuted(chat: ChatView, now: number): boolean {
  return chat.muted !== null && (chat.muted.until === null || chat.muted.until > now);
}

const BELONGS: Record<Folder, (chat: ChatView) => boolean> = {
  all: (chat) => !chat.archived,
  unread: (chat) => !chat.archived && isUnread(chat),
  files: (chat) => !chat.archived && chat.hasFiles,
  music: (chat) => !chat.archived && chat.hasMusic,
  archived: (chat) => chat.archived,
};

/**
 * The chats of a folder. The open chat stays in the unread folder after it was read, otherwise its row would vanish
 * while the user is in it.
 */
export function chatsIn(list: readonly ChatView[], folder: Folder, openChatId: string | null): ChatView[] {
  const belongs = BELONGS[folder];
  return list.filter((chat) => belongs(chat) || (folder === 'unread' && chat.id === openChatId && !chat.archived));
}

/** True when every word of the query is a prefix of a word in the chat's title or its peer's username. */
export function matchesChat(chat: ChatView, query: string): boolean {
  const words = fold(query).split(/\s+/).filter(Boolean);
  const text = ` ${fold(`${chat.title} ${chat.peer?.username ?? ''}`).replaceAll(/[_.@-]/g, ' ')}`;
  const whole = fold(`${chat.title} ${chat.peer?.username ?? ''}`);
  return words.every((word) => text.includes(` ${word}`) || whole.includes(word.replace(/^@/, '')));
}
