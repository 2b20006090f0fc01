/** Messages that are sent later. Main owns them; here is its latest list. */
import { computed, onScopeDispose, shallowRef } from 'vue';
import type { LaterView, LaterWhen } from '#contract/ipc/later-schemas.ts';
import type { AccountEvent } from '#contract/ipc/push.ts';
import { type AccountInput, askAs } from './account-bridge.ts';
import { defineAccountStore } from './account-store.ts';

export const useLaterStore = defineAccountStore('later', (accountId) => {
  const ask = askAs(accountId);
  const list = shallowRef<readonly LaterView[]>([]);
  const byChat = computed(() => Map.groupBy(list.value, ({ chatId }) => chatId));
  let received = 0;
  let isOver = false;
  onScopeDispose(() => (isOver = true));

  function take(messages: readonly LaterView[]): void {
    received += 1;
    list.value = messages;
  }

  async function load(): Promise<void> {
    const before = received;
    const answer = await ask((bridge) => bridge.later.list({}));
    if (answer.ok && received === before && !isOver) take(answer.value);
  }

  function apply(event: AccountEvent): void {
    if (event.kind === 'later') take(event.messages);
    // At the start, and when pushes may have been missed.
    else if (event.kind === 'chats:reset') void load();
  }

  return {
    apply,
    /** Those of a chat, in the order in which they are due. */
    of: (chatId: string): readonly LaterView[] => byChat.value.get(chatId) ?? [],
    add: (input: AccountInput<'later.add'>) => ask((bridge) => bridge.later.add(input)),
    /** `when` null: the time stays. */
    change: (localId: string, text: string, when: LaterWhen | null) =>
      ask((bridge) => bridge.later.change({ localId, text, when })),
    sendNow: (localId: string) => ask((bridge) => bridge.later.sendNow({ localId })),
    remove: (localId: string) => ask((bridge) => bridge.later.remove({ localId })),
  };
});
