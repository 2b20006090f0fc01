import { nativeTheme } from 'electron';
import type { SettingsView } from '#contract/ipc/views.ts';

const THEMES: readonly unknown[] = ['light', 'dark'] satisfies SettingsView['theme'][];

/** The theme in a stored document, until the settings are loaded; anything that is not a theme means the system's. */
export function storedTheme(document: Record<string, unknown>): SettingsView['theme'] {
  const { theme } = document;
  return THEMES.includes(theme) ? (theme as SettingsView['theme']) : 'system';
}

/** Light, dark or the system's: applies to the page's `prefers-color-scheme` and to the window's frame. */
export function applyTheme(settings: Pick<SettingsView, 'theme'>): void {
  nativeTheme.themeSource = settings.theme;
}
