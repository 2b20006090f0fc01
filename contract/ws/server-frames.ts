/**
 * What a server may send over the socket. [ext] `sync`: frames that change stored data carry `seq`, the receiving
 * user's counter.
 */
import { z } from 'zod';
import { CALL_REASONS, CALL_STATUSES, CALL_TYPES } from '../api/call.ts';
import { Message } from '../api/message.ts';
import { Count, Id, Seconds, Sequence, Timestamp } from '../api/shared.ts';
import { User } from '../api/user.ts';
import { SERVER_STATUSES } from '../model/send-state.ts';
import { CallSignals } from './client-frames.ts';

const seq = Sequence.optional();

export const AuthSuccess = z.object({
  type: z.literal('auth:success'),
  data: z.object({
    userId: Id,
    username: z.string().max(100),
    capabilities: z.array(z.string().max(64)).max(100).nullish(),
    epoch: z.string().max(64).nullish(),
    seq: Sequence.nullish(),
  }),
});

export const ServerFrame = z.discriminatedUnion('type', [
  AuthSuccess,
  z.object({ type: z.literal('auth:error'), data: z.object({ message: z.string().max(2000).nullish() }).nullish() }),
  z.object({ type: z.literal('message:new'), data: Message, seq }),
  z.object({
    type: z.literal('message:status'),
    data: z.object({
      messageId: Id,
      status: z.enum(SERVER_STATUSES),
      chatId: Id,
      /** [ext] True: the receiver's own earlier messages of the chat have got at least as far. */
      upTo: z.boolean().nullish(),
    }),
    seq,
  }),
  z.object({
    type: z.literal('reaction:new'),
    data: z.object({
      messageId: Id,
      chatId: Id,
      reaction: z.object({ id: Id.nullish(), emoji: z.string().min(1).max(32), userId: Id }),
    }),
    seq,
  }),
  z.object({
    type: z.literal('reaction:removed'),
    data: z.object({ messageId: Id, chatId: Id, reactionId: Id }),
    seq,
  }),
  /** [ext] `message-read`: this user read the chat up to there on another device. */
  z.object({
    type: z.literal('chat:read'),
    data: z.object({ chatId: Id, messageId: Id, unreadCount: Count }),
    seq,
  }),
  z.object({
    type: z.literal('typing:start'),
    data: z.object({ chatId: Id, userId: Id, username: z.string().max(100).nullish() }),
  }),
  z.object({ type: z.literal('typing:stop'), data: z.object({ chatId: Id, userId: Id }) }),
  /** [ext] `presence`. */
  z.object({
    type: z.literal('presence'),
    data: z.object({ userId: Id, online: z.boolean(), lastSeenAt: Timestamp.nullish() }),
  }),
  z.object({
    type: z.literal('call:incoming'),
    data: z.object({ id: Id, chatId: Id, type: z.enum(CALL_TYPES), initiator: User }),
  }),
  z.object({
    type: z.literal('call:ended'),
    data: z.object({
      id: Id,
      chatId: Id,
      status: z.enum(CALL_STATUSES),
      duration: Seconds.nullish(),
      /** [ext] */
      reason: z.enum(CALL_REASONS).nullish(),
    }),
    seq,
  }),
  CallSignals.offer,
  CallSignals.answer,
  CallSignals.candidate,
  /**
   * [ext] A client frame was refused: `code` is one of the API's error codes; `clientId` names a refused send;
   * `retryAfterMs` (milliseconds) says when a retry makes sense, like `Retry-After` in an answer.
   */
  z.object({
    type: z.literal('error'),
    data: z.object({
      code: z.string().max(64),
      message: z.string().max(2000),
      clientId: z.string().max(64).nullish(),
      retryAfterMs: Count.nullish(),
    }),
  }),
]);
export type ServerFrame = z.infer<typeof ServerFrame>;

/** Frames that change stored data: they carry `seq` and are kept in the server's event log. */
export const SYNC_FRAME_TYPES = [
  'message:new',
  'message:status',
  'reaction:new',
  'reaction:removed',
  'chat:read',
] as const satisfies readonly ServerFrame['type'][];
export type SyncFrame = ServerFrameOf<(typeof SYNC_FRAME_TYPES)[number]>;

/** True for a frame that changes stored data. */
export function isSyncFrame(frame: ServerFrame): frame is SyncFrame {
  return (SYNC_FRAME_TYPES as readonly string[]).includes(frame.type);
}

/** The frame of one kind. */
export type ServerFrameOf<T extends ServerFrame['type']> = Extract<ServerFrame, { type: T }>;

/** WebSocket close codes that have a meaning between client and server. */
export const CLOSE_CODES = {
  /** The server is stopping or restarting: reconnect soon. */
  restarting: 1012,
  /** The token is missing, wrong or no longer valid. */
  unauthenticated: 4401,
  /** Invalid frames, too many of them, or too slow a reader. */
  policy: 1008,
  tooBig: 1009,
} as const;
