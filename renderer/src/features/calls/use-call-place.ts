/** Goes to the call's screen when one is made or accepted, or when it is asked for. */
import { watch } from 'vue';
import { useRouter } from 'vue-router';
import { useCallsStore, type OwnCall } from '../../stores/calls.ts';

export function useCallPlace(): { toChat(own: OwnCall): Promise<unknown> } {
  const calls = useCallsStore();
  const router = useRouter();
  const toChat = ({ accountId, call }: OwnCall) =>
    router.push({ name: 'chats', params: { account: accountId, chatId: call.chatId } });
  const show = (own: OwnCall) => router.push({ name: 'call', params: { account: own.accountId } });

  watch(
    () => calls.current?.call.key ?? null,
    (key) => {
      if (key !== null && calls.current) void show(calls.current);
    },
    { immediate: true },
  );
  watch(
    () => calls.showWishes,
    () => calls.current && void show(calls.current),
  );
  return { toChat };
}
