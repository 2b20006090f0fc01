import { z } from 'zod';
import { Bytes, Id, Pixels, Seconds, Timestamp } from './shared.ts';

/** A stored file, as attached to messages. */
export const File = z
  .object({
    id: Id,
    name: z.string().max(1024),
    mimeType: z.string().max(255),
    size: Bytes,
    url: z.string().max(2048).nullish(),
    createdAt: Timestamp.nullish(),
    width: Pixels.nullish(),
    height: Pixels.nullish(),
    duration: Seconds.nullish(),
  })
  .meta({ id: 'File' });
export type File = z.infer<typeof File>;
