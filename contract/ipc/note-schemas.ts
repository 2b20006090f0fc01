/** The channels of notes: what a person keeps for themselves, on this computer only. See schemas.ts. */
import { z } from 'zod';
import { countedText, Id } from '../api/shared.ts';
import { LIMITS } from '../model/limits.ts';
import { scoped } from './scoped.ts';
import { Time } from './time.ts';

/** Where a note was taken from. */
const NoteSource = z.object({ chatId: Id, messageId: Id });

export const NoteView = z.object({
  id: Id,
  text: z.string(),
  /** The message it was; null for one that was written as a note. */
  source: NoteSource.extend({ senderName: z.string() }).nullable(),
  createdAt: Time,
});
export type NoteView = z.infer<typeof NoteView>;

const text = countedText(LIMITS.content);

export const NOTE_CHANNELS = {
  /** The account's notes, newest first. */
  'notes.list': { input: scoped({}), output: z.array(NoteView) },
  /** `busy` when there are as many as can be kept. */
  'notes.add': { input: scoped({ text, source: NoteSource.nullable() }), output: NoteView },
  'notes.change': { input: scoped({ id: Id, text }), output: z.null() },
  'notes.remove': { input: scoped({ id: Id }), output: z.null() },
} as const satisfies Record<string, { input: z.ZodType; output: z.ZodType }>;
