/** The desktop's settings as they are at first, for main and page. Pure data. */
import type { DesktopSettings } from './desktop-views.ts';

export const DESKTOP_DEFAULTS: DesktopSettings = {
  notify: true,
  noticeContent: 'full',
  noticeSound: 'system',
  quietHours: { on: false, from: 22 * 60, to: 8 * 60, days: [0, 1, 2, 3, 4, 5, 6] },
  pausedUntil: null,
  closeWay: 'ask',
  startHidden: false,
  spellcheck: true,
  autoUpdate: true,
  shortcuts: {},
};
