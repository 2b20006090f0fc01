/**
 * Music on its way into the library. Files wait here until a few of their predecessors have left: main stages and uploads
 * them, lists each on the server, and then drops it from its list of uploads.
 */
import { computed, onScopeDispose, ref, shallowRef, watch } from 'vue';
import type { UploadView } from '#contract/ipc/file-views.ts';
import { LIBRARY_PLACE } from '#contract/model/limits.ts';
import { defineAccountStore } from './account-store.ts';
import { useUploadsStore } from './uploads.ts';

/** Uploads that are on their way at the same time. */
const AT_ONCE = 4;

export const useMusicAddingStore = defineAccountStore('music-adding', (accountId) => {
  const uploads = useUploadsStore(accountId);
  const waiting = shallowRef<readonly File[]>([]);
  /** Files of this round, and those that were refused or taken away. */
  const round = ref(0);
  const dropped = ref(0);
  const staging = ref(0);
  let looking = false;

  const list = computed<readonly UploadView[]>(() => uploads.of(LIBRARY_PLACE));
  const refused = computed(() => uploads.refusedIn(LIBRARY_PLACE));
  const failed = computed(() => list.value.filter(({ state }) => state === 'failed'));
  /** Those that move by themselves. */
  const moving = computed(() => list.value.filter(({ state }) => state !== 'failed' && state !== 'paused'));
  const left = computed(() => waiting.value.length + staging.value + list.value.length);
  /** Files of this round that are in the library. */
  const done = computed(() => Math.max(0, round.value - dropped.value - left.value));

  async function pump(): Promise<void> {
    while (waiting.value.length > 0 && staging.value + moving.value.length < AT_ONCE) {
      const [file, ...rest] = waiting.value;
      if (!file) return;
      waiting.value = rest;
      staging.value += 1;
      const isTaken = await uploads.attachOne(LIBRARY_PLACE, file);
      staging.value -= 1;
      if (!isTaken) dropped.value += 1;
    }
  }

  async function remove(id: string): Promise<void> {
    const answer = await uploads.remove(id);
    if (answer.ok) dropped.value += 1;
  }

  const stop = watch([moving, waiting], () => void pump());
  onScopeDispose(stop);

  return {
    list,
    refused,
    failed,
    moving,
    left,
    /** Files of this round. */
    round: computed(() => round.value - dropped.value),
    done,
    /** Anything to tell. */
    busy: computed(() => left.value > 0 || refused.value.length > 0),
    add(files: readonly File[]): void {
      if (files.length === 0) return;
      if (left.value === 0) {
        round.value = 0;
        dropped.value = 0;
      }
      round.value += files.length;
      waiting.value = [...waiting.value, ...files];
    },
    /** Shows what main still has: from before the page was loaded. */
    async look(): Promise<void> {
      if (looking) return;
      looking = true;
      await uploads.load(LIBRARY_PLACE);
      round.value = Math.max(round.value, left.value + dropped.value);
    },
    retry: (id: string) => uploads.retry(id),
    remove,
    dismiss: (id: string) => uploads.dismiss(LIBRARY_PLACE, id),
    /** Takes away whatever has not arrived. */
    async cancelAll(): Promise<void> {
      dropped.value += waiting.value.length;
      waiting.value = [];
      for (const { id } of refused.value) uploads.dismiss(LIBRARY_PLACE, id);
      for (const { id } of list.value) await remove(id);
    },
  };
});
