import { z } from 'zod';

/** Figures of a node. `storageBytes` in bytes, `uptime` in seconds, the rest are counts. */
export const Statistics = z
  .object({
    users: z.number().int().min(0),
    messages: z.number().int().min(0),
    chats: z.number().int().min(0),
    files: z.number().int().min(0),
    calls: z.number().int().min(0),
    online: z.number().int().min(0),
    storageBytes: z.number().int().min(0),
    uptime: z.number().min(0),
  })
  .meta({ id: 'Statistics' });
export type Statistics = z.infer<typeof Statistics>;
