/** Files as the page sees them: on their way out, in messages, on their way to a folder. Never a path. */
import { z } from 'zod';
import { Bytes, Id, Pixels, Seconds } from '../api/shared.ts';
import { ERROR_CODES } from '../model/errors.ts';
import { FILE_KINDS } from '../model/media-types.ts';
import { UPLOAD_STATES } from '../model/upload-state.ts';
import { Time } from './time.ts';

const id = z.string().min(1).max(64);

/** An address on the page's own origin. Opaque: main alone knows which file of which account it means. */
export const MediaUrl = z.string().regex(/^\/media\/[A-Za-z0-9_-]{1,128}$/);

/** Numbers in a waveform. */
export const MOST_PEAKS = 256;

const common = {
  name: z.string(),
  mimeType: z.string(),
  size: Bytes,
  kind: z.enum(FILE_KINDS),
  width: Pixels.nullable(),
  height: Pixels.nullable(),
  /** Seconds. */
  duration: Seconds.nullable(),
  /** A recorded voice message. */
  voice: z.boolean(),
};

/** A file that is being sent, in the composer or in a message that waits for it. */
export const UploadView = z.object({
  ...common,
  id: Id,
  /** The reading of the store that it is from, see `UploadList`. */
  revision: z.number().int(),
  chatId: id,
  /** The message that waits for it; null while it is in the composer. */
  messageKey: id.nullable(),
  /** Where the page can show or play it; null when Chromium cannot, or it is too large to be decoded. */
  previewUrl: MediaUrl.nullable(),
  state: z.enum(UPLOAD_STATES),
  /** Bytes that have left, of `size`. All of them do not mean stored: `ready` does. */
  sent: Bytes,
  /** Why it failed or waits; null when nothing is wrong. */
  problem: z.enum(ERROR_CODES).nullable(),
  /** Time of the next attempt, while it waits for one. */
  retryAt: Time.nullable(),
  /** The picture is sent scaled down. */
  reduced: z.boolean(),
  canReduce: z.boolean(),
  /** Carries what a camera or an editor wrote into it: place, time, device. */
  tagged: z.boolean(),
  /** Sent byte for byte, with those tags; false: they are removed. Stays true where they cannot be. */
  keepTags: z.boolean(),
});
export type UploadView = z.infer<typeof UploadView>;

/** All uploads of a chat: those in its composer, in order, then those that messages wait for. */
export const UploadList = z.object({
  /**
   * Which reading of the store this is; grows. A list and an answer arrive in any order: an upload with a greater number
   * is newer than the list, and not missing from it.
   */
  revision: z.number().int(),
  uploads: z.array(UploadView),
});
export type UploadList = z.infer<typeof UploadList>;

/** A file of a message. */
export const AttachmentView = z.object({
  ...common,
  /** The server's id, or the upload's while the message has not been sent. */
  id,
  /** Set while the message has not been sent: see the upload of that id for its progress. */
  uploadId: Id.nullable(),
  /** The file itself. */
  url: MediaUrl,
  /** A small picture of it; null when there can be none. */
  thumbUrl: MediaUrl.nullable(),
  /** A smaller picture for the viewer, when the file itself is too large to be decoded; null otherwise. */
  previewUrl: MediaUrl.nullable(),
  /** A blurred picture of a few bytes, in base64 (thumbhash). */
  thumbhash: z.string().max(64).nullable(),
  /** The waveform, each 0 to 1. */
  peaks: z.array(z.number().min(0).max(1)).max(MOST_PEAKS).nullable(),
  /** `cached`: all of it is on this computer. */
  state: z.enum(['remote', 'cached']),
});
export type AttachmentView = z.infer<typeof AttachmentView>;

export const DOWNLOAD_STATES = ['running', 'done', 'failed', 'cancelled'] as const;
/** A file on its way to a folder of this computer. */
export const DownloadView = z.object({
  id: Id,
  fileId: id,
  /** The name under which it is saved. */
  name: z.string(),
  size: Bytes,
  got: Bytes,
  state: z.enum(DOWNLOAD_STATES),
  problem: z.enum(ERROR_CODES).nullable(),
});
export type DownloadView = z.infer<typeof DownloadView>;

/** A file of the side panel, with the message it came with. */
export const SharedFileView = z.object({
  messageId: id,
  chatId: id,
  senderName: z.string(),
  at: Time,
  file: AttachmentView,
});
export type SharedFileView = z.infer<typeof SharedFileView>;

/** A link of the side panel. */
export const SharedLinkView = z.object({
  messageId: id,
  at: Time,
  senderName: z.string(),
  url: z.string().max(2048),
  /** The text around it, shortened. */
  text: z.string(),
});
export type SharedLinkView = z.infer<typeof SharedLinkView>;
