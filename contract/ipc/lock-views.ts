/** The lock as the page sees it. */
import { z } from 'zod';
import { Time } from './time.ts';

export const LockView = z.object({
  enabled: z.boolean(),
  locked: z.boolean(),
  /** Minutes without anybody at the computer after which it locks; null: never by itself. */
  idleMinutes: z.number().int().min(1).max(240).nullable(),
  /** When a PIN may be tried again, after too many wrong ones. */
  retryAt: Time.nullable(),
});
export type LockView = z.infer<typeof LockView>;
