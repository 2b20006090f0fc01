/** What a client may send over the socket. Call signals carry their fields next to `type`, as published. */
import { z } from 'zod';
import { DeviceName } from '../api/call.ts';
import { SendMessageBody } from '../api/message.ts';
import { Count, Id } from '../api/shared.ts';

const sdp = z.object({
  type: z.enum(['offer', 'answer', 'pranswer', 'rollback']),
  sdp: z.string().max(60_000).optional(),
});
const candidate = z
  .object({
    candidate: z.string().max(4096).optional(),
    sdpMid: z.string().max(256).nullish(),
    sdpMLineIndex: z.number().int().min(0).max(65_535).nullish(),
    usernameFragment: z.string().max(256).nullish(),
  })
  .nullable();

/** Signals that a relay forwards unchanged. */
export const CallSignals = {
  offer: z.object({ type: z.literal('call:offer'), callId: Id, offer: sdp, seq: Count.optional() }),
  answer: z.object({ type: z.literal('call:answer'), callId: Id, answer: sdp, seq: Count.optional() }),
  candidate: z.object({
    type: z.literal('call:ice-candidate'),
    callId: Id,
    candidate,
    seq: Count.optional(),
  }),
};

export const ClientFrame = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('auth'),
    /** `device`: [ext] names this device for calls. */
    data: z.object({ token: z.string().min(1).max(8192), device: DeviceName.optional() }),
  }),
  z.object({ type: z.literal('message:send'), data: SendMessageBody }),
  z.object({ type: z.literal('typing:start'), data: z.object({ chatId: Id }) }),
  z.object({ type: z.literal('typing:stop'), data: z.object({ chatId: Id }) }),
  /** [ext] `message-read`: everything up to that message is read. */
  z.object({ type: z.literal('message:read'), data: z.object({ chatId: Id, messageId: Id }) }),
  CallSignals.offer,
  CallSignals.answer,
  CallSignals.candidate,
]);
export type ClientFrame = z.infer<typeof ClientFrame>;
