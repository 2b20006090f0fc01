import { z } from 'zod';
import { Bytes, Count, Seconds } from './shared.ts';

/** Figures of a node. `storageBytes` is in bytes, `uptime` in seconds, the rest are counts. */
export const Statistics = z
  .object({
    users: Count,
    messages: Count,
    chats: Count,
    files: Count,
    calls: Count,
    online: Count,
    storageBytes: Bytes,
    uptime: Seconds,
  })
  .meta({ id: 'Statistics' });
export type Statistics = z.infer<typeof Statistics>;
