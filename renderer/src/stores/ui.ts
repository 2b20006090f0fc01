/** What stands over the screens: one dialog at a time, short notices, and where the app was asked to go. */
import { defineStore } from 'pinia';
import { ref, shallowRef } from 'vue';
import type { AccountEvent, AccountEventOf } from '#contract/ipc/push.ts';
import type { ErrorCode } from '#contract/model/errors.ts';

export type Overlay = 'palette' | 'new-chat' | 'sign-in' | 'log-out' | 'shortcuts';

/** A short word that nobody has to answer. `text` is in the person's language already. */
export interface Toast {
  id: number;
  tone: 'info' | 'error';
  text: string;
  action?: { label: string; run: () => void };
  /** The account that it is about; null when it is about all of them. */
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
  /** Set when a notification, the tray or a link asks for a place; the shell goes there and clears it. */
  const wanted = shallowRef<Place | null>(null);
  /** Notices of main that have not been put into words yet. */
  const notices = shallowRef<Notice[]>([]);
  /** Grows with each wish to search: the list's field takes the focus. */
  const searchWishes = ref(0);
  /** Grow with each wish to search the open chat, and to write in it. */
  const findWishes = ref(0);
  const writeWishes = ref(0);
  /** Pixels at the window's bottom that notices leave free: one writes there. */
  const foot = ref(0);
  let lastToast = 0;

  /** Hears what main pushes for an account. */
  const applyOf = (accountId: string) => (event: AccountEvent) => {
    if (event.kind === 'open') wanted.value = { accountId, chatId: event.chatId, messageId: event.messageId };
    else if (event.kind === 'notice')
      notices.value = [...notices.value, { accountId, notice: event.notice, code: event.code }];
  };

  function toast(text: string, more: Partial<Omit<Toast, 'id' | 'text'>> = {}): void {
    const next: Toast = { id: (lastToast += 1), tone: 'info', text, accountId: null, ...more };
    // The same word twice in a row says nothing new.
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
