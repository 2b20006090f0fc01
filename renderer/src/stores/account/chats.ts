/** The chats of an account, in list order. */
import { computed, onScopeDispose, ref, shallowRef } from 'vue';
import type { AccountEvent } from '#contract/ipc/push.ts';
import type { ChatView } from '#contract/ipc/views.ts';
import { ok, type Result } from '#contract/model/errors.ts';
import { painted } from '../painted.ts';
import { askAs, type AccountInput } from './account-bridge.ts';
import { defineAccountStore } from './account-store.ts';
import { compareChats, mergeChats } from './chat-order.ts';

/** Milliseconds between attempts to load the rest of the list. */
const RETRY_MS = 2_000;

export const useChatsStore = defineAccountStore('chats', (accountId) => {
  const ask = askAs(accountId);
  const list = shallowRef<ChatView[]>([]);
  /** False until the head of the list has arrived: not loaded is not the same as empty. */
  const loaded = ref(false);
  /** False until the rest of the list has arrived. */
  const complete = ref(false);
  /** Counts list resets: responses for an earlier list are dropped. */
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

  /** Loads the rest of the list in pieces; chats pushed in the meantime are newer and win. */
  async function fetchRest(mine: number, head: ChatView): Promise<void> {
    for (let last = head; ;) {
      // Let the visible rows paint before loading what is below them.
      await painted();
      if (mine !== generation) return;
      // Its position when it was sent; a chat that has moved since was pushed.
      const { pinned, activityAt, id } = last;
      const answer = await ask((bridge) => bridge.chats.rest({ after: { pinned, activityAt, id } }));
      if (mine !== generation) return;
      if (!answer.ok) {
        // Main has logged the reason. The screens show what is there in the meantime.
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
    // The push reports it too; applying the response right away moves the row before the menu has closed.
    if (result.ok) list.value = mergeChats(list.value, [result.value], []);
    return result;
  }

  /** Marks everything in the chat as read without opening it. */
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
    /** Creates or finds the chat with a user. */
    create: (userId: string) => keep(ask((bridge) => bridge.chats.create({ userId }))),
    /** Pins, archives, mutes or marks unread: changes only the given fields. */
    organise: (input: AccountInput<'chats.organise'>) => keep(ask((bridge) => bridge.chats.organise({ ...input }))),
    markAllRead,
    /** Reports that a chat was opened: the next start begins with it. */
    opened: (chatId: string) => ask((bridge) => bridge.chats.opened({ chatId })),
  };
});
