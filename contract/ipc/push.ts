/**
 * What main tells the page unasked. Events are numbered and queue until the page has asked for its snapshot; a burst
 * travels as one batch.
 */
import { z } from 'zod';
import { ERROR_CODES } from '../model/errors.ts';
import { ChatView, ConnectionView, MessageView, SessionView, SettingsView, Time, UnreadView } from './views.ts';

const id = z.string().min(1).max(64);

export const PushEvent = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('session'), session: SessionView }),
  z.object({ kind: z.literal('connection'), connection: ConnectionView }),
  z.object({ kind: z.literal('settings'), settings: SettingsView }),
  z.object({ kind: z.literal('unread'), unread: UnreadView }),
  z.object({ kind: z.literal('chats'), upserts: z.array(ChatView), removed: z.array(id) }),
  /**
   * Another account is open, or everything was read anew: replace the whole list and forget loaded pages. `more`: these
   * are the first chats of the list, the others are asked for by `chats.rest`.
   */
  z.object({ kind: z.literal('chats:reset'), chats: z.array(ChatView), more: z.boolean() }),
  /** New or changed messages of one chat; keys that are no more. */
  z.object({ kind: z.literal('messages'), chatId: id, upserts: z.array(MessageView), removed: z.array(id) }),
  /** Rows were added in the past of this chat, or it was read anew: pages on the screen should be asked for again. */
  z.object({ kind: z.literal('messages:stale'), chatId: id }),
  z.object({ kind: z.literal('typing'), chatId: id, users: z.array(z.object({ id, name: z.string() })) }),
  z.object({ kind: z.literal('presence'), userId: id, online: z.boolean(), lastSeenAt: Time.nullable() }),
  /** A notification, the tray or a link asks for a place. */
  z.object({ kind: z.literal('open'), chatId: id, messageId: id.nullable() }),
  /** Something happened that no screen asked about: told once, in the person's language. */
  z.object({
    kind: z.literal('notice'),
    notice: z.enum(['store_rebuilt', 'outbox_rescued', 'send_failed', 'chats_not_whole']),
    code: z.enum(ERROR_CODES).nullable(),
  }),
]);
export type PushEvent = z.infer<typeof PushEvent>;
export type PushEventOf<K extends PushEvent['kind']> = Extract<PushEvent, { kind: K }>;

/** A batch: `seq` is the number of its last event; the first is `seq - events.length + 1`. */
export const PushBatch = z.object({ seq: z.number().int().min(1), events: z.array(PushEvent).min(1) });
export type PushBatch = z.infer<typeof PushBatch>;
