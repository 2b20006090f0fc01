/** Everything above the screens: one dialog at a time, toasts, and the requested place. */
import { defineStore } from 'pinia';
import { ref, shallowRef } from 'vue';
import type { AccountEvent, AccountEventOf } from '#contract/ipc/push.ts';
import type { ErrorCode } from '#contract/model/errors.ts';

export type Overlay = 'palette' | 'new-chat' | 'sign-in' | 'log-out' | 'shortcuts' | 'notes';

/** A short notice that needs no answer. `text` is already localized. */
export interface Toast {
  id: number;
  tone: 'info' | 'error';
  text: string;
  action?: { label: string; run: () => void };
  /** The account it is about; null for all accounts. */
  accountId: string | null;
}

export type Notice = { accountId: string; notice: AccountEventOf<'notice'>['notice']; code: ErrorCode | null };
export interface Place {
  accountId: string;
  chatId: string;
  messageId: string | null;
}

const MAX_TOASTS = 3;

export const useUiStore = defineStore('ui', () => {
  const overlay = ref<Overlay | null>(null);
  const toasts = shallowRef<Toast[]>([]);
  /** Set when a notification, the tray or a link requests a place; the shell navigates there and clears it. */
  const wanted = shallowRef<Place | null>(null);
  /** Notices from main that have not been turned into text yet. */
  const notices = shallowRef<Notice[]>([]);
  /** Incremented by each search request: the list's search field takes the focus. */
  const searchWishes = ref(0);
  /** Incremented by each request to search the open chat, or to write in it. */
  const findWishes = ref(0);
  const writeWishes = ref(0);
  /** Pixels at the bottom of the window that toasts leave free for the composer. */
  const foot = ref(0);
  let lastToast = 0;

  /** Applies main's push events for an account. */
  const applyOf = (accountId: string) => (event: AccountEvent) => {
    if (event.kind === 'open') wanted.value = { accountId, chatId: event.chatId, messageId: event.messageId };
    else if (event.kind === 'notice')
      notices.value = [...notices.value, { accountId, notice: event.notice, code: event.code }];
  };

  function toast(text: string, more: Partial<Omit<Toast, 'id' | 'text'>> = {}): void {
    const next: Toast = { id: (lastToast += 1), tone: 'info', text, accountId: null, ...more };
    // A repeated toast replaces the previous one.
    const others = toasts.value.filter((shown) => shown.text !== text || shown.accountId !== next.accountId);
    toasts.value = [...others, next].slice(-MAX_TOASTS);
  }

  function dismiss(id: number): void {
    toasts.value = toasts.value.filter((shown) => shown.id !== id);
  }

  return {
    overlay,
    toasts,
    wanted,
    notices,
    searchWishes,
    findWishes,
    writeWishes,
    foot,
    applyOf,
    toast,
    dismiss,
    open: (name: Overlay) => (overlay.value = name),
    close: () => (overlay.value = null),
    wishSearch: () => (searchWishes.value += 1),
    wishFind: () => (findWishes.value += 1),
    wishWrite: () => (writeWishes.value += 1),
    takeNotices: () => {
      const taken = notices.value;
      notices.value = [];
      return taken;
    },
  };
});
