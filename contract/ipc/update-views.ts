/** Updates of the program as the page sees them. */
import { z } from 'zod';
import { UPDATE_OFF, UPDATE_PROBLEMS } from '../model/updates.ts';
import { Time } from './time.ts';

const Version = z.string().min(1).max(64);

/** Where the update stands. A failed one is tried again at a later check; a ready one is installed when the user quits. */
export const UpdateView = z.discriminatedUnion('phase', [
  z.object({ phase: z.literal('off'), why: z.enum(UPDATE_OFF) }),
  /** `checkedAt`: then there was nothing newer; null when nothing was asked yet. */
  z.object({ phase: z.literal('idle'), checkedAt: Time.nullable() }),
  z.object({ phase: z.literal('checking') }),
  /** `percent`: whole, from 0 to 100. */
  z.object({ phase: z.literal('downloading'), version: Version, percent: z.number().int().min(0).max(100) }),
  z.object({ phase: z.literal('ready'), version: Version }),
  z.object({ phase: z.literal('failed'), why: z.enum(UPDATE_PROBLEMS), at: Time }),
]);
export type UpdateView = z.infer<typeof UpdateView>;
