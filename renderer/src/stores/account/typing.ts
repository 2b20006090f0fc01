/** Who is typing where. Main owns the times: it says when somebody stops. */
import { defineStore } from 'pinia';
import { shallowReactive } from 'vue';
import type { PushEvent, PushEventOf } from '#contract/ipc/push.ts';

export type TypingUsers = PushEventOf<'typing'>['users'];

const NOBODY: TypingUsers = [];

export const useTypingStore = defineStore('typing', () => {
  const byChat = shallowReactive(new Map<string, TypingUsers>());

  function apply(event: PushEvent): void {
    if (event.kind === 'typing') {
      if (event.users.length > 0) byChat.set(event.chatId, event.users);
      else byChat.delete(event.chatId);
    } else if (event.kind === 'chats:reset' || (event.kind === 'connection' && event.connection.phase !== 'live')) {
      // Without a connection nobody will say that they stopped.
      byChat.clear();
    }
  }

  return { apply, usersIn: (chatId: string) => byChat.get(chatId) ?? NOBODY };
});
