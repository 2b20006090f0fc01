import { computed } from 'vue';
import { useAccountStore } from '../../stores/account/account.ts';
import { useChatsStore } from '../../stores/account/chats.ts';

/** The name of a chat's other person, if the server says when they are online; null otherwise. */
export function useOnlineName(chatId: () => string) {
  const chats = useChatsStore();
  const account = useAccountStore();
  return computed(() => {
    const peer = chats.get(chatId())?.peer ?? null;
    if (!peer || !account.account?.capabilities.includes('presence')) return null;
    return peer.firstName === '' ? peer.name : peer.firstName;
  });
}
