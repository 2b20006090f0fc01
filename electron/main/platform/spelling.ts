import type { Session } from 'electron';
import type { DesktopSettings } from '#contract/ipc/desktop-views.ts';

/**
 * Turns the check of spelling on or off, at once in every window. Only macOS checks it itself: elsewhere Chromium would
 * fetch dictionaries from a third party's server.
 */
export function applySpelling(
  session: Pick<Session, 'setSpellCheckerEnabled'>,
  platform: NodeJS.Platform,
  settings: Pick<DesktopSettings, 'spellcheck'>,
): void {
  session.setSpellCheckerEnabled(platform === 'darwin' && settings.spellcheck);
}
