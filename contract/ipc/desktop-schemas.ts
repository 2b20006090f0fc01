/** The channels of the desktop around the window. */
import { z } from 'zod';
import { PAUSES } from '../model/quiet.ts';
import { DesktopFacts, Diagnostics } from './desktop-views.ts';

const nothing = z.object({}).strict();
const done = z.null();
/** In the page's pixels. */
const coordinate = z.number().int().min(0).max(100_000);

export const DESKTOP_CHANNELS = {
  'desktop.facts': { input: nothing, output: DesktopFacts },
  'desktop.setAutostart': { input: z.object({ on: z.boolean() }).strict(), output: DesktopFacts },
  /** Do not disturb for a while; null ends it. */
  'desktop.pause': { input: z.object({ pause: z.enum(PAUSES).nullable() }).strict(), output: done },
  /** Shows one notification, whatever is silenced, so that the user sees and hears it. */
  'desktop.tryNotification': { input: nothing, output: done },
  'desktop.diagnose': { input: nothing, output: Diagnostics },
  /** Shows the log in its folder. */
  'desktop.showLog': { input: nothing, output: done },
  /** Opens the application menu at a place of the page, where the window has no menu bar. */
  'desktop.showMenu': { input: z.object({ x: coordinate, y: coordinate }).strict(), output: done },
} as const satisfies Record<string, { input: z.ZodType; output: z.ZodType }>;
