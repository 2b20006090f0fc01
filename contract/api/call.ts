import { z } from 'zod';
import { Id, Seconds, Timestamp } from './shared.ts';
import { User } from './user.ts';

export const CALL_TYPES = ['audio', 'video'] as const;
export const CALL_STATUSES = ['ringing', 'active', 'ended', 'rejected', 'cancelled', 'missed'] as const;

/** A call in a chat. `duration` is in seconds. */
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
  })
  .meta({ id: 'Call' });
export type Call = z.infer<typeof Call>;

export const InitiateCallBody = z.object({ chatId: Id, type: z.enum(CALL_TYPES) });
export type InitiateCallBody = z.infer<typeof InitiateCallBody>;
