/** The unread counts of one account, as counted by main. */
import { shallowRef } from 'vue';
import type { AccountEvent } from '#contract/ipc/push.ts';
import type { UnreadView } from '#contract/ipc/views.ts';
import { defineAccountStore } from './account-store.ts';

export const useUnreadStore = defineAccountStore('unread', () => {
  const unread = shallowRef<UnreadView>({ messages: 0, chats: 0 });

  function apply(event: AccountEvent): void {
    if (event.kind === 'unread') unread.value = event.unread;
  }

  return { unread, apply };
});
