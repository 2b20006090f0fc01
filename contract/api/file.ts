import { z } from 'zod';
import { Id, Timestamp } from './shared.ts';

/** A stored file, as it is attached to messages. */
export const File = z
  .object({
    id: Id,
    name: z.string().max(1024),
    mimeType: z.string().max(255),
    size: z.number().int().min(0),
    url: z.string().max(2048).nullish(),
    createdAt: Timestamp.nullish(),
    width: z.number().nullish(),
    height: z.number().nullish(),
    duration: z.number().nullish(),
  })
  .meta({ id: 'File' });
export type File = z.infer<typeof File>;
