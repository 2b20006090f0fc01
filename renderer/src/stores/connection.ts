/** How the live connection stands. Main owns it; the page shows it. */
import { defineStore } from 'pinia';
import { computed, shallowRef } from 'vue';
import type { PushEvent } from '#contract/ipc/push.ts';
import type { ConnectionView } from '#contract/ipc/views.ts';

export const useConnectionStore = defineStore('connection', () => {
  const connection = shallowRef<ConnectionView>({ phase: 'idle', retryAt: null, reason: null });
  /** True while what the server knows can be asked for. */
  const online = computed(() => connection.value.phase === 'live' || connection.value.phase === 'syncing');

  function apply(event: PushEvent): void {
    if (event.kind === 'connection') connection.value = event.connection;
  }

  return { connection, online, apply };
});
