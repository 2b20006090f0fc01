/** What was shared in a chat, page by page, newest first. */
import { onScopeDispose, ref, shallowRef, watch, type Ref, type ShallowRef } from 'vue';
import type { ErrorCode, Result } from '#contract/model/errors.ts';

export interface SharedItem {
  messageId: string;
  at: number;
}
export type SharedBefore = { at: number; messageId: string } | null;
export type SharedPage<T> = { items: T[]; more: boolean };

export interface SharedList<T> {
  items: ShallowRef<readonly T[]>;
  /** There is more than was loaded. */
  more: Ref<boolean>;
  busy: Ref<boolean>;
  problem: Ref<ErrorCode | null>;
  loadMore(): Promise<void>;
}

/**
 * Loads pages by `ask`, and all of it anew when `version` changes: something was shared meanwhile. Answers to an earlier
 * version are dropped.
 */
export function useSharedList<T extends SharedItem>(
  ask: (before: SharedBefore) => Promise<Result<SharedPage<T>>>,
  version: () => unknown,
): SharedList<T> {
  const items = shallowRef<readonly T[]>([]);
  const more = ref(true);
  const busy = ref(false);
  const problem = ref<ErrorCode | null>(null);
  let current = 0;

  async function load(before: SharedBefore): Promise<void> {
    const mine = current;
    busy.value = true;
    const answer = await ask(before);
    if (mine !== current) return;
    busy.value = false;
    problem.value = answer.ok ? null : answer.error.code;
    if (!answer.ok) return;
    items.value = before ? [...items.value, ...answer.value.items] : answer.value.items;
    more.value = answer.value.more;
  }

  watch(
    version,
    () => {
      current += 1;
      void load(null);
    },
    { immediate: true },
  );
  onScopeDispose(() => (current += 1));

  return {
    items,
    more,
    busy,
    problem,
    async loadMore() {
      const last = items.value.at(-1);
      if (busy.value || (!more.value && problem.value === null)) return;
      await load(last ? { at: last.at, messageId: last.messageId } : null);
    },
  };
}
