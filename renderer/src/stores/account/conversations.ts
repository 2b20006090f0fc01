/**
 * What is kept of a visit to a chat, by chat: the reading position, the unread divider, the draft. It is updated
 * continuously, so that nothing depends on how a screen is left.
 */
import { markRaw, shallowReactive } from 'vue';
import { defineAccountStore } from './account-store.ts';
import type { ReadingPlace } from './messages/chat-state.ts';

/** The complete draft: main stores only the beginning of a long text, and gets updates with a delay. */
export interface WrittenDraft {
  text: string;
  /** The message being replied to, by its server id. */
  replyTo: string | null;
}

export const useConversationsStore = defineAccountStore('conversations', () => ({
  /** Not reactive. */
  places: markRaw(new Map<string, ReadingPlace>()),
  /** The message the unread divider of a chat follows; null for no divider. */
  dividers: shallowReactive(new Map<string, { readUpTo: string | null } | null>()),
  /** Not reactive. */
  drafts: markRaw(new Map<string, WrittenDraft>()),
}));
