import { z } from 'zod';
import { Id, Timestamp } from './shared.ts';

/** A track of the shared library. `duration` is in seconds. */
export const Track = z
  .object({
    fileId: Id,
    title: z.string().max(1024),
    artist: z.string().max(1024).nullish(),
    album: z.string().max(1024).nullish(),
    duration: z.number().min(0),
    year: z.number().int().nullish(),
    genre: z.string().max(255).nullish(),
    trackNumber: z.number().int().nullish(),
    coverUrl: z.string().max(2048).nullish(),
    mimeType: z.string().max(255),
    size: z.number().int().min(0),
    uploadedBy: Id.nullish(),
    createdAt: Timestamp.nullish(),
  })
  .meta({ id: 'Track' });
export type Track = z.infer<typeof Track>;

export const ExtractMetadataBody = z.object({ fileId: Id });
export type ExtractMetadataBody = z.infer<typeof ExtractMetadataBody>;
