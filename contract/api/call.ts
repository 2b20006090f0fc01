import { z } from 'zod';
import { Id, Seconds, Timestamp } from './shared.ts';
import { User } from './user.ts';

export const CALL_TYPES = ['audio', 'video'] as const;
export const CALL_STATUSES = ['ringing', 'active', 'ended', 'rejected', 'cancelled', 'missed'] as const;

/** [ext] Why a call was ended as it was: `busy`: its callee is in another one; `elsewhere`: another device answered. */
export const CALL_REASONS = ['busy', 'elsewhere'] as const;

/** [ext] Names one device among those of a person, so that the call stays with it when it reconnects. */
export const DeviceName = z
  .string()
  .min(8)
  .max(64)
  .regex(/^[A-Za-z0-9_-]+$/);

/** A call in a chat. `startedAt`: when it was answered. `duration` is in seconds. */
export const Call = z
  .object({
    id: Id,
    chatId: Id,
    type: z.enum(CALL_TYPES),
    status: z.enum(CALL_STATUSES),
    initiator: User,
    startedAt: Timestamp.nullish(),
    endedAt: Timestamp.nullish(),
    duration: Seconds.nullish(),
    /** [ext] When it began to ring. */
    createdAt: Timestamp.nullish(),
    /** [ext] */
    reason: z.enum(CALL_REASONS).nullish(),
  })
  .meta({ id: 'Call' });
export type Call = z.infer<typeof Call>;

/** `device`: [ext] the one that calls, or answers. */
export const InitiateCallBody = z.object({ chatId: Id, type: z.enum(CALL_TYPES), device: DeviceName.optional() });
export type InitiateCallBody = z.infer<typeof InitiateCallBody>;
export const AnswerCallBody = z.object({ device: DeviceName.optional() }).nullish();
export type AnswerCallBody = z.infer<typeof AnswerCallBody>;
export const RejectCallBody = z.object({ reason: z.literal('busy').optional() }).nullish();
export type RejectCallBody = z.infer<typeof RejectCallBody>;

/** A server for WebRTC's `iceServers`. */
export const IceServerEntry = z
  .object({
    urls: z.array(z.string().min(1).max(512)).min(1).max(8),
    username: z.string().max(512).optional(),
    credential: z.string().max(512).optional(),
  })
  .meta({ id: 'IceServer' });
export type IceServerEntry = z.infer<typeof IceServerEntry>;
