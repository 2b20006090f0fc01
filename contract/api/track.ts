import { z } from 'zod';
import { Bytes, Count, Id, Seconds, Timestamp } from './shared.ts';

/** A track of the shared library. `duration` is in seconds. */
export const Track = z
  .object({
    fileId: Id,
    title: z.string().max(1024),
    artist: z.string().max(1024).nullish(),
    album: z.string().max(1024).nullish(),
    duration: Seconds,
    year: z.number().int().min(-9999).max(9999).nullish(),
    genre: z.string().max(255).nullish(),
    trackNumber: Count.nullish(),
    coverUrl: z.string().max(2048).nullish(),
    mimeType: z.string().max(255),
    size: Bytes,
    uploadedBy: Id.nullish(),
    createdAt: Timestamp.nullish(),
  })
  .meta({ id: 'Track' });
export type Track = z.infer<typeof Track>;

export const ExtractMetadataBody = z.object({ fileId: Id });
export type ExtractMetadataBody = z.infer<typeof ExtractMetadataBody>;
