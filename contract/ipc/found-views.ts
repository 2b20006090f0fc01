/** What one search finds besides messages: music and files, with who shared them, when, and what was said around. */
import { z } from 'zod';
import { AttachmentView } from './file-views.ts';
import { TrackView } from './music-views.ts';
import { Time } from './time.ts';

const id = z.string().min(1).max(64);

/** A search in everyday words as it was understood, to be said back. */
export const SearchUnderstood = z.object({
  /** Who shared or wrote it: any of these. */
  people: z.array(z.object({ name: z.string(), me: z.boolean() })).max(5),
  after: Time.nullable(),
  /** The time at which the asked-for span is over. */
  before: Time.nullable(),
  /** Music was asked for by name. */
  music: z.boolean(),
});
export type SearchUnderstood = z.infer<typeof SearchUnderstood>;

/** Words of a conversation beside a file. */
export const Around = z.object({ senderName: z.string(), mine: z.boolean(), text: z.string() });

/** The message that something was shared with. */
export const SharedIn = z.object({
  chatId: id,
  messageId: id,
  chatTitle: z.string(),
  senderName: z.string(),
  mine: z.boolean(),
  at: Time,
  /** What was said with it, else right after or before it; null when nobody said anything. */
  around: Around.nullable(),
});
export type SharedIn = z.infer<typeof SharedIn>;

/** A track of the library that no chat need have, or a sound of a chat that the library need not list. */
export const FoundMusic = z.union([
  z.object({ track: TrackView, file: z.null(), shared: SharedIn.nullable() }),
  z.object({ track: z.null(), file: AttachmentView, shared: SharedIn }),
]);
export type FoundMusic = z.infer<typeof FoundMusic>;

export const FoundFile = z.object({ file: AttachmentView, shared: SharedIn });
export type FoundFile = z.infer<typeof FoundFile>;
