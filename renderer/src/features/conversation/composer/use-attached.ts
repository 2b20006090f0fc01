/** The files of the message being written. */
import { computed, type ComputedRef } from 'vue';
import { useUploadsStore } from '../../../stores/account/uploads.ts';

export interface Attached {
  /** There is at least one that can be sent, or will be soon. */
  any: ComputedRef<boolean>;
  /** Files are on their way to main: a message waits for them. */
  busy: ComputedRef<boolean>;
  /** There is something to show, including what was refused. */
  shown: ComputedRef<boolean>;
  /** One of them cannot be sent: the user has to retry or remove it. */
  blocked: ComputedRef<boolean>;
  add(files: readonly File[]): void;
  /** Takes all of them out of the composer, for a message. Their ids, in order. */
  take(): string[];
  /** That message was not taken. */
  putBack(ids: readonly string[]): void;
}

/** Follows the composer of a chat. */
export function useAttached(chatId: string): Attached {
  const store = useUploadsStore();
  const uploads = computed(() => store.composing(chatId));
  const coming = computed(() => store.comingTo(chatId));
  const refused = computed(() => store.refusedIn(chatId));

  return {
    any: computed(() => uploads.value.length + coming.value.length > 0),
    busy: computed(() => coming.value.length > 0),
    shown: computed(() => uploads.value.length + refused.value.length + coming.value.length > 0),
    blocked: computed(() => refused.value.length > 0 || uploads.value.some(({ state }) => state === 'failed')),
    add: (files) => void store.attach(chatId, files),
    take() {
      const ids = uploads.value.map(({ id }) => id);
      store.leave(ids);
      store.forgetOriginal(chatId);
      return ids;
    },
    putBack: (ids) => store.comeBack(ids),
  };
}
