import { nativeTheme } from 'electron';
import type { SettingsView } from '#contract/ipc/views.ts';

/** Light, dark or the system's: for the page's `prefers-color-scheme` and the frame of the window alike. */
export function applyTheme(settings: SettingsView): void {
  nativeTheme.themeSource = settings.theme;
}
