/**
 * What is kept of a visit to a chat, by chat: where the reader stood, where the unread divider was, what was being
 * written. It is written while it changes, so that nothing depends on how a screen is left.
 */
import { markRaw, shallowReactive } from 'vue';
import { defineAccountStore } from './account-store.ts';
import type { ReadingPlace } from './messages/chat-state.ts';

/** What is being written, whole: main keeps the beginning of a long text only, and has the newest a moment later. */
export interface WrittenDraft {
  text: string;
  /** The message that is answered, by its id at the server. */
  replyTo: string | null;
}

export const useConversationsStore = defineAccountStore('conversations', () => ({
  /** Not for drawing. */
  places: markRaw(new Map<string, ReadingPlace>()),
  /** After which message the unread divider of a chat stands; null for no divider. */
  dividers: shallowReactive(new Map<string, { readUpTo: string | null } | null>()),
  /** Not for drawing. */
  drafts: markRaw(new Map<string, WrittenDraft>()),
}));
