import { nativeTheme } from 'electron';
import type { SettingsView } from '#contract/ipc/views.ts';

const THEMES: readonly unknown[] = ['light', 'dark'] satisfies SettingsView['theme'][];

/** The theme that a stored document names, for the first moment; anything that is no theme is the system's. */
export function storedTheme(document: Record<string, unknown>): SettingsView['theme'] {
  const { theme } = document;
  return THEMES.includes(theme) ? (theme as SettingsView['theme']) : 'system';
}

/** Light, dark or the system's: for the page's `prefers-color-scheme` and the frame of the window alike. */
export function applyTheme(settings: Pick<SettingsView, 'theme'>): void {
  nativeTheme.themeSource = settings.theme;
}
