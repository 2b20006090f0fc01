/** The chats of an account, in the list's order. */
import { computed, onScopeDispose, ref, shallowRef } from 'vue';
import type { AccountEvent } from '#contract/ipc/push.ts';
import type { ChatView } from '#contract/ipc/views.ts';
import { ok, type Result } from '#contract/model/errors.ts';
import { painted } from '../painted.ts';
import { askAs, type AccountInput } from './account-bridge.ts';
import { defineAccountStore } from './account-store.ts';
import { compareChats, mergeChats } from './chat-order.ts';

/** Milliseconds until the rest of the list is asked for again after a failure. */
const RETRY_MS = 2_000;

export const useChatsStore = defineAccountStore('chats', (accountId) => {
  const ask = askAs(accountId);
  const list = shallowRef<ChatView[]>([]);
  /** False until the head of the list has come: nothing is not the same as not yet. */
  const loaded = ref(false);
  /** False while chats of the list are still to come. */
  const complete = ref(false);
  /** Counts the lists: what was asked for an earlier one is let go. */
  let generation = 0;
  let retryTimer: ReturnType<typeof setTimeout> | undefined;
  const byId = computed(() => new Map(list.value.map((chat) => [chat.id, chat])));

  function apply(event: AccountEvent): void {
    if (event.kind === 'chats:reset') {
      list.value = event.chats.toSorted(compareChats);
      loaded.value = true;
      complete.value = !event.more;
      generation += 1;
      const last = list.value.at(-1);
      if (event.more && last) void fetchRest(generation, last);
    } else if (event.kind === 'chats') {
      list.value = mergeChats(list.value, event.upserts, event.removed);
    }
  }

  /** Asks for the rest of the list, piece by piece; what was pushed meanwhile is newer and stays. */
  async function fetchRest(mine: number, head: ChatView): Promise<void> {
    for (let last = head; ;) {
      // What is on the screen goes before what lies below it.
      await painted();
      if (mine !== generation) return;
      // Where it stood when it was told: a chat that has moved since was pushed.
      const { pinned, activityAt, id } = last;
      const answer = await ask((bridge) => bridge.chats.rest({ after: { pinned, activityAt, id } }));
      if (mine !== generation) return;
      if (!answer.ok) {
        // Main has logged why. The screens show what there is until it comes.
        await new Promise((resolve) => (retryTimer = setTimeout(resolve, RETRY_MS)));
        continue;
      }
      const { chats, more } = answer.value;
      const fresh = chats.filter((chat) => !byId.value.has(chat.id));
      list.value = mergeChats(list.value, fresh, []);
      last = chats.toSorted(compareChats).at(-1) ?? last;
      if (!more) {
        complete.value = true;
        return;
      }
    }
  }

  async function keep(answer: Promise<Result<ChatView>>): Promise<Result<ChatView>> {
    const result = await answer;
    // The push says it too; taking the answer as well makes the row move before the menu has closed.
    if (result.ok) list.value = mergeChats(list.value, [result.value], []);
    return result;
  }

  /** Says that everything in the chat has been seen, without opening it. */
  async function markAllRead(chatId: string): Promise<Result<null>> {
    const organised = await keep(ask((bridge) => bridge.chats.organise({ chatId, markedUnread: false })));
    if (!organised.ok) return organised;
    const page = await ask((bridge) => bridge.messages.page({ chatId, anchor: { at: 'latest' }, limit: 50 }));
    if (!page.ok) return page;
    const newest = page.value.items.findLast((message) => message.id !== null)?.id;
    return newest ? ask((bridge) => bridge.chats.markRead({ chatId, messageId: newest })) : ok(null);
  }

  onScopeDispose(() => {
    generation += 1;
    clearTimeout(retryTimer);
  });

  return {
    list,
    loaded,
    complete,
    apply,
    get: (chatId: string): ChatView | null => byId.value.get(chatId) ?? null,
    /** Makes or finds the chat with a person. */
    create: (userId: string) => keep(ask((bridge) => bridge.chats.create({ userId }))),
    /** Pins, archives, mutes or marks unread: only what is given changes. */
    organise: (input: AccountInput<'chats.organise'>) => keep(ask((bridge) => bridge.chats.organise({ ...input }))),
    markAllRead,
    /** Tells that a chat was opened: the next start begins with it. */
    opened: (chatId: string) => ask((bridge) => bridge.chats.opened({ chatId })),
  };
});
