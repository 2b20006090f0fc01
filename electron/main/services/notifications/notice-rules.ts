/** What the user's settings say about notifications at a moment. Pure. */
import type { DesktopSettings } from '#contract/ipc/desktop-views.ts';
import { isQuietHour } from '#contract/model/quiet.ts';

/** `silence`: why nothing may be shown now; null when it may. */
export interface NoticeRules {
  silence: 'off' | 'paused' | 'quiet_hours' | null;
  content: DesktopSettings['noticeContent'];
}

/** @param now this computer's time, milliseconds since the epoch: the user's own times are set by it. */
export function noticeRules(
  settings: Pick<DesktopSettings, 'notify' | 'noticeContent' | 'quietHours' | 'pausedUntil'>,
  now: number,
): NoticeRules {
  const { notify, noticeContent: content, quietHours, pausedUntil } = settings;
  if (!notify) return { silence: 'off', content };
  if (pausedUntil !== null && pausedUntil > now) return { silence: 'paused', content };
  return { silence: isQuietHour(quietHours, new Date(now)) ? 'quiet_hours' : null, content };
}
