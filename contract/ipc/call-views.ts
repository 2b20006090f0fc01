/** Calls as the page sees them. Main owns their states and the time; the page owns media and peer connections. */
import { z } from 'zod';
import { CALL_TYPES } from '../api/call.ts';
import { CallSignals } from '../ws/client-frames.ts';
import { Seconds } from '../api/shared.ts';
import { MediaUrl } from './file-views.ts';
import { Time } from './time.ts';

const id = z.string().min(1).max(64);

/**
 * `starting`: the server has not taken it yet. `ringing`: on one of both sides. `active`: accepted; whether media flows is
 * the page's to know. `ended`: the last state, from which no event leads back.
 */
export const CALL_VIEW_STATES = ['starting', 'ringing', 'active', 'ended'] as const;

/** Why a call is over. `elsewhere`: another device of this person took or declined it. */
export const CALL_ENDS = [
  'hung_up',
  'rejected',
  'cancelled',
  'missed',
  'busy',
  'elsewhere',
  'unreachable',
  'failed',
] as const;
export type CallEnd = (typeof CALL_ENDS)[number];

/** The way to the other side, as the page sees it. */
export const CALL_LINKS = ['waiting', 'connecting', 'connected', 'reconnecting'] as const;
/** How well a call runs. */
export const CALL_QUALITIES = ['good', 'fair', 'poor', 'bad'] as const;

/** What the page does with devices and how its connection is, for permission, power, tray and the small window. */
export const CallMediaView = z.object({
  muted: z.boolean(),
  camera: z.boolean(),
  sharing: z.boolean(),
  connected: z.boolean(),
  link: z.enum(CALL_LINKS),
  quality: z.enum(CALL_QUALITIES).nullable(),
  /** The other side is muted. */
  theirsMuted: z.boolean(),
  /** What is heard together; null: nothing. */
  together: z.enum(['playing', 'paused']).nullable(),
});
export type CallMediaView = z.infer<typeof CallMediaView>;

export const CallView = z.object({
  /** The same for the call's whole life, also before the server has given it an id. */
  key: id,
  /** The server's; null while `starting`. */
  id: id.nullable(),
  chatId: id,
  peer: z.object({ id, name: z.string(), avatarUrl: MediaUrl.nullable() }),
  type: z.enum(CALL_TYPES),
  incoming: z.boolean(),
  state: z.enum(CALL_VIEW_STATES),
  /** When it began to ring, and when it was accepted. */
  ringingSince: Time.nullable(),
  activeSince: Time.nullable(),
  /** This side gives way when both describe the connection at once (perfect negotiation). */
  polite: z.boolean(),
  end: z.enum(CALL_ENDS).nullable(),
  /** Seconds, once it is over. */
  duration: Seconds.nullable(),
  /** Accepted with the camera on, as the notification or the dialog asked for. */
  withVideo: z.boolean(),
});
export type CallView = z.infer<typeof CallView>;

/** One signal of the peer connection, numbered per call and side so that none is applied twice or late. */
export const CallSignalView = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('offer'), description: CallSignals.offer.shape.offer }),
  z.object({ kind: z.literal('answer'), description: CallSignals.answer.shape.answer }),
  z.object({ kind: z.literal('candidate'), candidate: CallSignals.candidate.shape.candidate }),
]);
export type CallSignalView = z.infer<typeof CallSignalView>;

export const CallRecordView = z.object({
  id,
  chatId: id,
  peer: z.object({ id, name: z.string(), avatarUrl: MediaUrl.nullable() }),
  type: z.enum(CALL_TYPES),
  incoming: z.boolean(),
  end: z.enum(CALL_ENDS),
  at: Time,
  /** Seconds; null when nobody answered. */
  duration: Seconds.nullable(),
});
export type CallRecordView = z.infer<typeof CallRecordView>;

export const IceServer = z.object({
  urls: z.array(z.string().max(512)).min(1).max(8),
  username: z.string().max(512).optional(),
  credential: z.string().max(512).optional(),
});
export type IceServer = z.infer<typeof IceServer>;

/** A screen or a window that may be shared. `thumb` is a data URL of a PNG. */
export const ScreenView = z.object({
  id: z.string().min(1).max(256),
  name: z.string(),
  kind: z.enum(['screen', 'window']),
  thumb: z.string().max(2_000_000).nullable(),
});
export type ScreenView = z.infer<typeof ScreenView>;

/** What tray, notification, small window and global keys ask the page to do in the current call. */
export const CALL_COMMANDS = [
  'toggle_microphone',
  'toggle_camera',
  'toggle_share',
  'toggle_together',
  'hang_up',
  'show',
] as const;
