/** Handles the keys of shortcuts.ts while the shell is mounted. */
import { onBeforeUnmount, onMounted } from 'vue';
import { useEnvironmentStore } from '../../stores/environment.ts';
import { useSettingsStore } from '../../stores/settings.ts';
import { isTextField, shortcutOf, type ShortcutId } from '../../composables/shortcuts.ts';

/** `run` returns false when it did nothing: the key is then left to other handlers. */
export function useShortcuts(run: (id: ShortcutId, event: KeyboardEvent) => boolean): void {
  const environment = useEnvironmentStore();
  const settings = useSettingsStore();

  function onKey(event: KeyboardEvent): void {
    if (event.defaultPrevented || event.isComposing) return;
    const id = shortcutOf(event, environment.isMac, isTextField(document.activeElement), settings.settings.shortcuts);
    if (!id) return;
    // An open menu or dialog has its own keys; only the palette may be opened over it.
    if (id !== 'palette' && document.querySelector('[role="dialog"], [role="menu"]')) return;
    if (run(id, event)) event.preventDefault();
  }

  onMounted(() => window.addEventListener('keydown', onKey));
  onBeforeUnmount(() => window.removeEventListener('keydown', onKey));
}
