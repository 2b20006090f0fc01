/** The party queue that the player follows, of whichever account. */
import { computed } from 'vue';
import type { PlayableView } from '#contract/ipc/music-views.ts';
import { usePartyStore } from '../../../stores/account/party.ts';
import { useAccountsStore } from '../../../stores/accounts.ts';

export function useParty() {
  const accounts = useAccountsStore();
  const stores = computed(() => accounts.open.map(({ id }) => ({ id, store: usePartyStore(id) })));
  const on = computed(() => stores.value.find(({ store }) => store.place !== null) ?? null);
  return {
    /** Null while the queue has an order of its own. */
    party: computed(() => on.value?.store ?? null),
    /** The votes of a track; null where nobody votes on it. */
    votesOf: ({ accountId, fileId }: PlayableView): number | null =>
      on.value?.id === accountId ? (on.value.store.votes.get(fileId) ?? null) : null,
  };
}
