/** The page's environment: fixed for its lifetime. */
import { defineStore } from 'pinia';
import { computed, ref } from 'vue';
import type { Snapshot } from '#contract/ipc/views.ts';

export const useEnvironmentStore = defineStore('environment', () => {
  const platform = ref<Snapshot['platform']>('linux');
  const version = ref('');
  const systemLocale = ref(navigator.language);
  const isMac = computed(() => platform.value === 'darwin');

  function load(snapshot: Snapshot): void {
    platform.value = snapshot.platform;
    version.value = snapshot.version;
    systemLocale.value = snapshot.systemLocale;
  }

  return { platform, version, systemLocale, isMac, load };
});
