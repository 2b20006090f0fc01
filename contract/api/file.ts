import { z } from 'zod';
import { Bytes, Id, Pixels, Seconds, Timestamp } from './shared.ts';

/** [ext] `files`: other forms of a file. A thumbnail is at most 320 pixels wide and high, a preview at most 2048. */
export const FILE_VARIANTS = ['thumb', 'preview', 'waveform', 'cover'] as const;
export type FileVariant = (typeof FILE_VARIANTS)[number];

/** The loudness of a sound over its duration, each from 0 to 1. */
export const Peaks = z.array(z.number().min(0).max(1)).max(256);

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
    /** In seconds: of sound and video. */
    duration: Seconds.nullish(),
    /** [ext] `files`: a blurred preview in about 25 bytes, base64. */
    thumbhash: z.string().max(64).nullish(),
    /** [ext] `files`: of sounds, where they are known. */
    peaks: Peaks.nullish(),
    /** [ext] `files`: what `?variant=` answers for this file. */
    variants: z.array(z.string().max(32)).max(16).nullish(),
  })
  .meta({ id: 'File' });
export type File = z.infer<typeof File>;
