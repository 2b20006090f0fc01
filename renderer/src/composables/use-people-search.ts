/** Searches people by name on the account's server, debounced. Results of an outdated query are dropped. */
import { onScopeDispose, shallowRef, watch, type Ref } from 'vue';
import type { UserView } from '#contract/ipc/views.ts';
import type { ErrorCode } from '#contract/model/errors.ts';
import { LIMITS } from '#contract/model/limits.ts';
import { characterCount } from '#contract/model/text.ts';
import { useAccountStore } from '../stores/account/account.ts';
import { usePeopleStore } from '../stores/account/people.ts';

const PAUSE_MS = 200;

/** One section of the results. */
export interface Part<T> {
  items: T[];
  busy: boolean;
  code: ErrorCode | null;
}

const empty = <T>(): Part<T> => ({ items: [], busy: false, code: null });

/** Searches as `words` change; `retry` repeats the search. Excludes the user themselves. */
export function usePeopleSearch(words: Ref<string>) {
  const people = usePeopleStore();
  const account = useAccountStore();
  const part = shallowRef<Part<UserView>>(empty());
  let turn = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  async function ask(q: string): Promise<void> {
    const mine = (turn += 1);
    const result = await people.search(q);
    if (mine !== turn) return;
    part.value = result.ok
      ? { items: result.value.filter((user) => user.id !== account.me?.id), busy: false, code: null }
      : { items: [], busy: false, code: result.error.code };
  }

  function start(): void {
    turn += 1;
    clearTimeout(timer);
    const q = words.value.trim().replace(/^@/, '');
    if (characterCount(q) < LIMITS.searchQuery.min || characterCount(q) > LIMITS.searchQuery.max) {
      part.value = empty();
      return;
    }
    part.value = { ...part.value, busy: true };
    timer = setTimeout(() => void ask(q), PAUSE_MS);
  }

  watch(words, start, { immediate: true });
  onScopeDispose(() => {
    turn += 1;
    clearTimeout(timer);
  });
  return { part, retry: start };
}
