/** The small window of a call: what it shows and what it may ask. Its media stay in the main window's page. */
import { z } from 'zod';
import { Id } from '../api/shared.ts';
import { CALL_LINKS, CALL_QUALITIES, CallView } from './call-views.ts';
import { SettingsView } from './views.ts';

/** How the window looks: a part of the settings. */
export const MiniLook = SettingsView.pick({
  theme: true,
  accent: true,
  textSize: true,
  moreContrast: true,
  language: true,
}).extend({ systemLocale: z.string() });
export type MiniLook = z.infer<typeof MiniLook>;

/** The call, as far as the small window shows it. */
export const MiniCall = CallView.pick({ key: true, peer: true, state: true, activeSince: true }).extend({
  link: z.enum(CALL_LINKS),
  quality: z.enum(CALL_QUALITIES).nullable(),
  muted: z.boolean(),
  camera: z.boolean(),
  sharing: z.boolean(),
  /** The other side is muted. */
  theirsMuted: z.boolean(),
  /** What is heard together; null: nothing. */
  together: z.enum(['playing', 'paused']).nullable(),
});
export type MiniCall = z.infer<typeof MiniCall>;

/** Null: the call is over, and so is the window. */
export const MiniView = z.object({ call: MiniCall.nullable(), look: MiniLook });
export type MiniView = z.infer<typeof MiniView>;

/** What the small window may ask of the call. `return`: the main window comes to the front with it. */
export const MINI_COMMANDS = [
  'toggle_microphone',
  'toggle_camera',
  'toggle_share',
  'toggle_together',
  'hang_up',
  'return',
] as const;
export type MiniCommand = (typeof MINI_COMMANDS)[number];

/** Bytes of a picture for the small window: 320 pixels wide, a few kilobytes. */
export const MOST_MINI_BYTES = 128 * 1024;

const done = z.null();
const nothing = z.object({}).strict();

export const MiniPicture = z.instanceof(Uint8Array).refine((bytes) => bytes.byteLength <= MOST_MINI_BYTES);

export const MINI_CHANNELS = {
  /** The main window asks for the small one. `not_found`: there is no call. */
  'mini.open': { input: nothing, output: done },
  /** The small window's snapshot; from then on it hears what changes. */
  'mini.ready': { input: nothing, output: z.object({ seq: z.number().int().min(0), view: MiniView }) },
  'mini.command': { input: z.object({ command: z.enum(MINI_COMMANDS) }).strict(), output: done },
  /**
   * What the other side shows, for the small window: a JPEG, several times a second while main asks for it; null: nothing.
   * So there is one connection, and the small window has none.
   */
  'mini.picture': { input: z.object({ key: Id, jpeg: MiniPicture.nullable() }).strict(), output: done },
  /** The small window is put away, until the main window is the next time. */
  'mini.close': { input: nothing, output: done },
} as const satisfies Record<string, { input: z.ZodType; output: z.ZodType }>;
