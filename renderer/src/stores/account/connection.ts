/** The state of an account's connection. Main owns it; the page displays it. */
import { computed, ref, shallowRef } from 'vue';
import type { AccountEvent } from '#contract/ipc/push.ts';
import type { ConnectionView } from '#contract/ipc/views.ts';
import { defineAccountStore } from './account-store.ts';

export const useConnectionStore = defineAccountStore('connection', () => {
  const connection = shallowRef<ConnectionView>({ phase: 'idle', retryAt: null, reason: null });
  /** True while the server can be queried. */
  const online = computed(() => connection.value.phase === 'live' || connection.value.phase === 'syncing');

  /** True while the system's key store has not released the credentials. */
  const waitsForKeys = computed(() => connection.value.reason === 'secret_store_failed');

  /**
   * True after a sign-in or a start until the first result: until then, an empty store does not mean an empty account.
   * Later attempts do not set it.
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
