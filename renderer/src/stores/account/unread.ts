/** The one unread truth, as main counts it. */
import { defineStore } from 'pinia';
import { shallowRef } from 'vue';
import type { PushEvent } from '#contract/ipc/push.ts';
import type { UnreadView } from '#contract/ipc/views.ts';

export const useUnreadStore = defineStore('unread', () => {
  const unread = shallowRef<UnreadView>({ messages: 0, chats: 0 });

  function apply(event: PushEvent): void {
    if (event.kind === 'unread') unread.value = event.unread;
  }

  return { unread, apply };
});
