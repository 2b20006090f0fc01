/** Who is typing where. Main owns the timing and reports when someone stops. */
import { shallowReactive } from 'vue';
import type { AccountEvent, AccountEventOf } from '#contract/ipc/push.ts';
import { defineAccountStore } from './account-store.ts';

export type TypingUsers = AccountEventOf<'typing'>['users'];

const NOBODY: TypingUsers = [];

export const useTypingStore = defineAccountStore('typing', () => {
  const byChat = shallowReactive(new Map<string, TypingUsers>());

  function apply(event: AccountEvent): void {
    if (event.kind === 'typing') {
      if (event.users.length > 0) byChat.set(event.chatId, event.users);
      else byChat.delete(event.chatId);
    } else if (event.kind === 'chats:reset' || (event.kind === 'connection' && event.connection.phase !== 'live')) {
      // Without a connection the end of typing would never be reported.
      byChat.clear();
    }
  }

  return { apply, usersIn: (chatId: string) => byChat.get(chatId) ?? NOBODY };
});
