/** How an account's live connection stands. Main owns it; the page shows it. */
import { computed, ref, shallowRef } from 'vue';
import type { AccountEvent } from '#contract/ipc/push.ts';
import type { ConnectionView } from '#contract/ipc/views.ts';
import { defineAccountStore } from './account-store.ts';

export const useConnectionStore = defineAccountStore('connection', () => {
  const connection = shallowRef<ConnectionView>({ phase: 'idle', retryAt: null, reason: null });
  /** True while what the server knows can be asked for. */
  const online = computed(() => connection.value.phase === 'live' || connection.value.phase === 'syncing');

  /** True while the system's key store has not given the sign-in back. */
  const waitsForKeys = computed(() => connection.value.reason === 'secret_store_failed');

  /**
   * True from a sign-in, or a start, to the first word of how it went: before that, nothing here is not the same as nothing
   * there. Later tries say nothing new of it.
   */
  const starting = ref(true);

  function apply(event: AccountEvent): void {
    if (event.kind !== 'connection') return;
    connection.value = event.connection;
    const { phase } = event.connection;
    if (phase === 'idle') starting.value = true;
    else if (waitsForKeys.value || (phase !== 'connecting' && phase !== 'syncing')) starting.value = false;
  }

  return { connection, online, waitsForKeys, starting, apply };
});
