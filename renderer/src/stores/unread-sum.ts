/** The unread counts over all accounts, as counted by main: the same number as on the badge and the tray. */
import { defineStore } from 'pinia';
import { shallowRef } from 'vue';
import type { AppEvent } from '#contract/ipc/push.ts';
import type { UnreadView } from '#contract/ipc/views.ts';

export const useUnreadSumStore = defineStore('unread-sum', () => {
  const unread = shallowRef<UnreadView>({ messages: 0, chats: 0 });

  function apply(event: AppEvent): void {
    if (event.kind === 'unread') unread.value = event.unread;
  }

  return { unread, apply };
});
