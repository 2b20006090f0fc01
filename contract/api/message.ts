import { z } from 'zod';
import { LIMITS } from '../model/limits.ts';
import { SERVER_STATUSES } from '../model/send-state.ts';
import { File } from './file.ts';
import { Id, OptionalMessageContent, Timestamp } from './shared.ts';
import { User } from './user.ts';

/** One person's emoji on a message. */
export const Reaction = z
  .object({
    id: Id,
    emoji: z.string().min(1).max(32),
    userId: Id,
    messageId: Id.nullish(),
    createdAt: Timestamp.nullish(),
  })
  .meta({ id: 'Reaction' });
export type Reaction = z.infer<typeof Reaction>;

/** [ext] The key the message was sent with; only the sender receives it. */
export const ClientId = z
  .string()
  .min(LIMITS.clientId.min)
  .max(LIMITS.clientId.max)
  .regex(/^[A-Za-z0-9_-]+$/);

const quotable = {
  id: Id,
  chatId: Id.nullish(),
  content: z.string().max(100_000),
  sender: User.nullish(),
  senderId: Id.nullish(),
  attachments: z.array(File).max(1000).nullish(),
  createdAt: Timestamp.nullish(),
};

/** The message a reply refers to: one level deep, so that reply chains cannot inflate an answer. */
export const QuotedMessage = z.object(quotable).meta({ id: 'QuotedMessage' });
export type QuotedMessage = z.infer<typeof QuotedMessage>;

/** A message. `sender` or `senderId` is present. */
export const Message = z
  .object({
    ...quotable,
    chatId: Id,
    createdAt: Timestamp,
    replyTo: QuotedMessage.nullish(),
    replyToId: Id.nullish(),
    reactions: z.array(Reaction).max(10_000).nullish(),
    status: z.enum(SERVER_STATUSES).nullish(),
    clientId: ClientId.nullish(),
    /**
     * [ext] `chat-pages`: true when a page of the chat list carries only part of the message (text cut; quote, reactions
     * and previews of files omitted): good for a preview, never stored in place of the message.
     */
    shortened: z.boolean().nullish(),
  })
  .meta({ id: 'Message' });
export type Message = z.infer<typeof Message>;

export const SendMessageBody = z
  .object({
    chatId: Id,
    /** Empty only when something is attached. */
    content: OptionalMessageContent,
    attachments: z.array(Id).max(LIMITS.attachments.max).optional(),
    replyToId: Id.optional(),
    clientId: ClientId.optional(),
  })
  .refine(({ content, attachments = [] }) => content !== '' || attachments.length > 0, {
    path: ['content'],
    params: { problem: 'required' },
  });
export type SendMessageBody = z.infer<typeof SendMessageBody>;

export const ReactBody = z.object({ emoji: z.string().min(1).max(32) });
export type ReactBody = z.infer<typeof ReactBody>;
