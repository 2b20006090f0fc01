import { z } from 'zod';
import { Message } from './message.ts';
import { Count, Id, Timestamp } from './shared.ts';
import { User } from './user.ts';

/** A conversation, with its newest message and unread count if the server provides them. */
export const Chat = z
  .object({
    id: Id,
    participants: z.array(User).max(1000),
    lastMessage: Message.nullish(),
    unreadCount: Count.nullish(),
    createdAt: Timestamp.nullish(),
    updatedAt: Timestamp.nullish(),
  })
  .meta({ id: 'Chat' });
export type Chat = z.infer<typeof Chat>;

export const CreateChatBody = z.object({ userId: Id });
export type CreateChatBody = z.infer<typeof CreateChatBody>;
