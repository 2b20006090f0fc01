/**
 * What the node and its examiner say to each other. The examiner reads hostile bytes: its reports are checked like
 * anything else that comes from outside.
 */
import { z } from 'zod';
import { CODEC } from '../formats/timing.ts';

export interface Examine {
  id: number;
  path: string;
  mimeType: string;
}

/** Characters of a tag. What is longer is cut before it is sent. */
export const TAG_LENGTH = 2000;
const tag = z.string().max(TAG_LENGTH);
const number = z.number().nullable();

/** Facts that are certain by now; what comes later is added to it, and a crash takes back none. */
const Found = z.object({
  width: number.optional(),
  height: number.optional(),
  duration: number.optional(),
  codec: z.string().regex(CODEC).optional(),
  thumbhash: z.string().max(64).optional(),
  peaks: z.array(z.number()).max(256).optional(),
  /** A picture of more pixels than anybody may be asked to show. */
  isTooLarge: z.literal(true).optional(),
  /** As the parser read them: the node makes of them what it keeps. */
  tags: z
    .object({
      title: tag,
      artist: tag,
      artists: z.array(tag).max(50),
      album: tag,
      genre: z.array(tag).max(50),
      year: z.number(),
      track: z.object({ no: number }),
      gain: z.number(),
    })
    .partial()
    .optional(),
  /** A form of the file that is complete. */
  variant: z.string().max(16).optional(),
});
export type Found = z.infer<typeof Found>;

export const Report = z.union([
  z.strictObject({ id: z.number(), found: Found }),
  z.strictObject({ id: z.number(), failed: z.string().max(10_000) }),
  z.strictObject({ id: z.number(), done: z.literal(true) }),
]);
export type Report = z.infer<typeof Report>;
