/** The keys of a shortcut as they are written on this platform, and as its user chose them. */
import { useEnvironmentStore } from '../stores/environment.ts';
import { useSettingsStore } from '../stores/settings.ts';
import { shortcutText, type ShortcutId } from './shortcuts.ts';

export function useShortcutText(): (id: ShortcutId) => string {
  const environment = useEnvironmentStore();
  const settings = useSettingsStore();
  return (id) => shortcutText(id, environment.isMac, settings.settings.shortcuts);
}
