/** The channels of updates. See schemas.ts. */
import { z } from 'zod';
import { UpdateView } from './update-views.ts';

const nothing = z.object({}).strict();

export const UPDATE_CHANNELS = {
  'updates.read': { input: nothing, output: UpdateView },
  /** Asks now whether there is a newer version, and fetches it. `call_busy` in a call. */
  'updates.check': { input: nothing, output: UpdateView },
  /** Quits, installs and starts again. `call_busy` in a call, `bad_request` when nothing is ready. */
  'updates.restart': { input: nothing, output: z.null() },
} as const satisfies Record<string, { input: z.ZodType; output: z.ZodType }>;
