/** A user's full profile: fetched from the server each time it is viewed, since it may have changed. */
import { shallowRef, watch, type Ref } from 'vue';
import type { ProfileView } from '#contract/ipc/views.ts';
import type { AppError } from '#contract/model/errors.ts';
import { usePeopleStore } from '../../stores/account/people.ts';

export type ProfileState =
  { phase: 'loading' } | { phase: 'here'; profile: ProfileView } | { phase: 'failed'; error: AppError };

/** Follows `id`; `retry` fetches again. */
export function useProfile(id: Ref<string | null>): { state: Ref<ProfileState>; retry: () => Promise<void> } {
  const people = usePeopleStore();
  const state = shallowRef<ProfileState>({ phase: 'loading' });

  async function retry(): Promise<void> {
    const asked = id.value;
    state.value = { phase: 'loading' };
    if (asked === null) return;
    const result = await people.get(asked);
    if (id.value !== asked) return;
    state.value = result.ok ? { phase: 'here', profile: result.value } : { phase: 'failed', error: result.error };
  }

  watch(id, retry, { immediate: true });
  return { state, retry };
}
