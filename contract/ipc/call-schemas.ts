/** The channels of calls. See schemas.ts. */
import { z } from 'zod';
import { CALL_TYPES } from '../api/call.ts';
import { Id } from '../api/shared.ts';
import {
  CALL_ENDS,
  CallMediaView,
  CallRecordView,
  CallSignalView,
  CallView,
  IceServer,
  ScreenView,
} from './call-views.ts';
import { scoped } from './scoped.ts';
import { Time } from './time.ts';

const nothing = z.object({}).strict();
const done = z.null();
const ofCall = scoped({ key: Id });

export const CALL_CHANNELS = {
  /** Calls the other person of a chat. `call_busy` while another call runs in any account. */
  'calls.start': { input: scoped({ chatId: Id, type: z.enum(CALL_TYPES) }), output: CallView },
  'calls.accept': { input: scoped({ key: Id, withVideo: z.boolean() }), output: CallView },
  'calls.decline': { input: ofCall, output: done },
  /** Hangs up, also while it rings. */
  'calls.end': { input: scoped({ key: Id, reason: z.enum(CALL_ENDS) }), output: done },
  /** Signals that have not been acknowledged are sent again after the socket has reconnected. */
  'calls.signal': { input: scoped({ key: Id, signal: CallSignalView }), output: done },
  /** Fresh credentials: asked for each call and each ICE restart. Empty where the server names none. */
  'calls.iceServers': { input: scoped({}), output: z.array(IceServer).max(16) },
  /** What the page does with devices, for permission, power, tray and the small window. */
  'calls.media': { input: scoped({ key: Id, ...CallMediaView.shape }), output: done },
  /** One's own calls, newest first, before this time. */
  'calls.history': {
    input: scoped({ before: Time.nullable(), limit: z.number().int().min(1).max(100) }),
    output: z.object({ calls: z.array(CallRecordView), more: z.boolean() }),
  },
  /** A video call is being prepared: the camera may be looked at as long as that lasts. */
  'calls.lobby': { input: z.object({ open: z.boolean() }).strict(), output: done },
  /** Screens and windows to choose from. Empty where the system shows its own picker. */
  'calls.screens': {
    input: nothing,
    output: z.object({ screens: z.array(ScreenView).max(100), ownPicker: z.boolean() }),
  },
  /** What the next request for a display gets; null refuses it. */
  'calls.chooseScreen': { input: z.object({ id: ScreenView.shape.id.nullable(), sound: z.boolean() }), output: done },
} as const satisfies Record<string, { input: z.ZodType; output: z.ZodType }>;
