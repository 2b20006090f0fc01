import { z } from 'zod';
import { LIMITS } from '../model/limits.ts';
import { hasVisibleText } from '../model/text.ts';
import { Bytes, Count, Id, Seconds, storableText, Timestamp } from './shared.ts';

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
    /** [ext] `music`: loudness correction by the tags of the file, in dB. */
    gain: z.number().min(-60).max(60).nullish(),
    mimeType: z.string().max(255),
    size: Bytes,
    uploadedBy: Id.nullish(),
    createdAt: Timestamp.nullish(),
  })
  .meta({ id: 'Track' });
export type Track = z.infer<typeof Track>;

export const ExtractMetadataBody = z.object({ fileId: Id });
export type ExtractMetadataBody = z.infer<typeof ExtractMetadataBody>;

/** [ext] `music`: what the library is sorted by; `added` begins with the newest. */
export const TRACK_SORTS = ['title', 'artist', 'album', 'added'] as const;

const label = (max: number) =>
  storableText({ min: 1, max }).refine(hasVisibleText, { params: { problem: 'invisible' } });

/** [ext] `music`: what a track is called. Null takes a field away; one that is missing stays. */
export const UpdateTrackBody = z.object({
  title: label(LIMITS.trackTitle.max).optional(),
  artist: label(LIMITS.trackTitle.max).nullish(),
  album: label(LIMITS.trackTitle.max).nullish(),
  genre: label(LIMITS.trackGenre.max).nullish(),
  year: z.number().int().min(0).max(9999).nullish(),
  trackNumber: z.number().int().min(1).max(9999).nullish(),
});
export type UpdateTrackBody = z.infer<typeof UpdateTrackBody>;
