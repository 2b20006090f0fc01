/** What the page sees of the desktop around it: settings, what the system can do, diagnostics. No content, no secrets. */
import { z } from 'zod';
import { Count } from '../api/shared.ts';
import { CLOSE_WAYS, NOTICE_CONTENTS, NOTICE_SOUNDS } from '../model/desktop-settings.ts';
import { DAY_MINUTES } from '../model/quiet.ts';
import { EDITABLE_SHORTCUTS } from '../model/shortcut-keys.ts';
import { ERROR_CODES } from '../model/errors.ts';
import { CONNECTION_PHASES } from './phases.ts';
import { Time } from './time.ts';
import { UPDATE_OFF, UPDATE_PHASES, UPDATE_PROBLEMS } from '../model/updates.ts';

const minute = z
  .number()
  .int()
  .min(0)
  .max(DAY_MINUTES - 1);

const ShortcutKeys = z.object({
  code: z.string().regex(/^[A-Za-z0-9]{1,24}$/),
  mod: z.boolean(),
  alt: z.boolean(),
  shift: z.boolean(),
});

/** The settings of the desktop, by name: part of `SettingsView`. */
export const DESKTOP_SETTINGS = {
  /** False: nothing is shown outside the window, but the count. */
  notify: z.boolean(),
  noticeContent: z.enum(NOTICE_CONTENTS),
  noticeSound: z.enum(NOTICE_SOUNDS),
  quietHours: z.object({
    on: z.boolean(),
    from: minute,
    to: minute,
    days: z.array(z.number().int().min(0).max(6)).max(7),
  }),
  /** Do not disturb until then; null: not paused. */
  pausedUntil: Time.nullable(),
  closeWay: z.enum(CLOSE_WAYS),
  /** Started with the computer, no window is opened. */
  startHidden: z.boolean(),
  spellcheck: z.boolean(),
  /** Newer versions are looked for, and fetched, without being asked for. */
  autoUpdate: z.boolean(),
  /** Keys in place of the usual ones; a shortcut that is missing has its own. */
  shortcuts: z.partialRecord(z.enum(EDITABLE_SHORTCUTS), ShortcutKeys),
};
export const DesktopSettings = z.object(DESKTOP_SETTINGS);
export type DesktopSettings = z.infer<typeof DesktopSettings>;

/** Why a message was not shown outside the window. */
export const SILENCES = [
  'own',
  'muted',
  'watching',
  'presenting',
  'old',
  'off',
  'paused',
  'quiet_hours',
  'repeated',
  'system_failed',
  'unsupported',
] as const;
export type SilenceReason = (typeof SILENCES)[number];

/** `unsupported`: this build or system cannot start itself. */
export const AUTOSTARTS = ['on', 'off', 'unsupported'] as const;
export type Autostart = (typeof AUTOSTARTS)[number];
/** `unknown`: the system does not say. */
export const TRAYS = ['there', 'missing', 'unknown'] as const;
/** Where spelling is checked: by the system itself, or not here. */
const SPELLINGS = ['system', 'none'] as const;

/** Known limits of a system or a start: each has its line in docs/PLATFORMS.md. */
export const SYSTEM_LIMITS = [
  'tray_missing',
  'tray_unknown',
  'notifications_unsupported',
  'no_reply_in_notifications',
  'no_close_event_in_notification_center',
  'raising_may_only_ask_for_attention',
  'no_failure_reason_of_notifications',
  'no_spelling',
  'safe_mode',
] as const;
export type SystemLimit = (typeof SYSTEM_LIMITS)[number];

/** What this system offers. */
export const DesktopFacts = z.object({
  autostart: z.enum(AUTOSTARTS),
  tray: z.enum(TRAYS),
  notifications: z.boolean(),
  /** Answers can be written in a notification. */
  reply: z.boolean(),
  spelling: z.enum(SPELLINGS),
});
export type DesktopFacts = z.infer<typeof DesktopFacts>;

/** What the app says about itself, without content, names, addresses or secrets. */
export const Diagnostics = z.object({
  at: Time,
  /** Names and numbers of versions, in the order in which they are shown. */
  versions: z.array(z.object({ name: z.string(), version: z.string() })),
  system: z.object({
    platform: z.string(),
    release: z.string(),
    arch: z.string(),
    locale: z.string(),
    packaged: z.boolean(),
    safeMode: z.boolean(),
    /** Seconds since the start. */
    upSeconds: Count,
    /** Bytes that main holds. */
    memory: z.number().min(0),
    onBattery: z.boolean(),
    online: z.boolean(),
  }),
  /** One per open account, in the order of the list. */
  accounts: z.array(
    z.object({ phase: z.enum(CONNECTION_PHASES), reason: z.enum(ERROR_CODES).nullable(), capabilities: Count }),
  ),
  desktop: DesktopFacts,
  notices: z.object({
    shown: Count,
    silences: z.array(z.object({ why: z.enum(SILENCES), count: Count, last: Time })),
  }),
  /** What explains that something does not work here. */
  limits: z.array(z.enum(SYSTEM_LIMITS)),
  update: z.object({ phase: z.enum(UPDATE_PHASES), why: z.enum([...UPDATE_OFF, ...UPDATE_PROBLEMS]).nullable() }),
  log: z.object({ files: Count, bytes: z.number().min(0) }),
});
export type Diagnostics = z.infer<typeof Diagnostics>;

/** What main tells once, without being asked. */
export const TOLD = ['tray_missing', 'safe_mode', 'link_unknown'] as const;

/** Where a link leads, once somebody agrees. */
export const LinkView = z.discriminatedUnion('to', [
  z.object({ to: z.literal('chat'), accountId: z.string().min(1).max(400), chatId: z.string(), title: z.string() }),
  z.object({ to: z.literal('user'), username: z.string() }),
]);
export type LinkView = z.infer<typeof LinkView>;
