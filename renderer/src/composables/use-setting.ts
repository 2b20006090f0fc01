/** One setting as a v-model: writing it asks main to save it, and reports a failure. */
import { computed, type WritableComputedRef } from 'vue';
import type { SettingsView } from '#contract/ipc/views.ts';
import { useWords } from '../i18n/use-words.ts';
import { useSettingsStore } from '../stores/settings.ts';
import { useUiStore } from '../stores/ui.ts';

export function useSetting<K extends keyof SettingsView>(name: K): WritableComputedRef<SettingsView[K]> {
  const settings = useSettingsStore();
  const ui = useUiStore();
  const { error } = useWords();
  return computed({
    get: () => settings.settings[name],
    set: (value) => {
      void settings.update({ [name]: value }).then((result) => {
        if (!result.ok) ui.toast(error(result.error.code), { tone: 'error' });
      });
    },
  });
}
