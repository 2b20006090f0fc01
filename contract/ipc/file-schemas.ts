/** The channels of files: staged, sent, saved, listed. See schemas.ts. */
import { z } from 'zod';
import { Bytes, Id } from '../api/shared.ts';
import { ERROR_CODES } from '../model/errors.ts';
import { MAX_CHUNK_BYTES, STAGED_FILES } from '../model/limits.ts';
import { DownloadView, SharedFileView, SharedLinkView, UploadList, UploadView } from './file-views.ts';
import { scoped } from './scoped.ts';
import { Time } from './time.ts';

const done = z.null();
/** A name as the page has it: main cleans it. */
const name = z.string().max(4096);
const ofUpload = scoped({ uploadId: Id });
/** The place in a list after which it continues; null: from the newest. */
const before = z.object({ at: Time, messageId: Id }).nullable();
const limit = z.number().int().min(1).max(200);

export const FILE_CHANNELS = {
  /** Only the preload calls it, with paths that the system has given: the page cannot name one. */
  'files.stage': {
    input: scoped({
      chatId: Id,
      paths: z
        .array(z.object({ path: z.string().min(1).max(32_768), name }))
        .min(STAGED_FILES.min)
        .max(STAGED_FILES.max),
    }),
    output: z.object({
      staged: z.array(UploadView),
      refused: z.array(z.object({ name: z.string(), code: z.enum(ERROR_CODES) })),
    }),
  },
  /**
   * Bytes without a path: a pasted picture, a recording, a picture scaled down or cropped. The first call has a null
   * `uploadId`; `upload` is set with the last one. `size` is that of the whole file, `replaces` an upload whose place it
   * takes, which `files.reduce` brings back.
   */
  'files.stageBytes': {
    input: scoped({
      chatId: Id,
      uploadId: Id.nullable(),
      name,
      mimeType: z.string().max(255),
      size: Bytes,
      voice: z.boolean(),
      replaces: Id.optional(),
      chunk: z.instanceof(Uint8Array).refine((bytes) => bytes.byteLength <= MAX_CHUNK_BYTES),
      last: z.boolean(),
    }),
    output: z.object({ uploadId: Id, upload: UploadView.nullable() }),
  },
  'files.uploads': { input: scoped({ chatId: Id }), output: UploadList },
  /** The new order in the composer; uploads that are not named keep theirs, after the others. */
  'files.arrange': { input: scoped({ chatId: Id, ids: z.array(Id).max(200) }), output: done },
  'files.pause': { input: ofUpload, output: done },
  'files.resume': { input: ofUpload, output: done },
  'files.retry': { input: ofUpload, output: done },
  /** Takes it out of the composer. `too_late` when a message has it. */
  'files.remove': { input: ofUpload, output: done },
  /**
   * True: a smaller picture is coming by `files.stageBytes` with `replaces`, and it waits for that. False: the original
   * is sent.
   */
  'files.reduce': { input: scoped({ uploadId: Id, reduce: z.boolean() }), output: done },
  /** Sends it byte for byte, with the tags that a camera wrote into it. `too_late` once it has left. */
  'files.keepTags': { input: scoped({ uploadId: Id, keep: z.boolean() }), output: done },
  /** Asks for a place and saves a file there; null when the user cancels. */
  'files.save': {
    input: scoped({ fileId: Id, name }),
    output: z.object({ downloadId: Id }).nullable(),
  },
  'files.cancelSave': { input: scoped({ downloadId: Id }), output: done },
  /** This run's downloads of the account, oldest first. */
  'files.downloads': { input: scoped({}), output: z.array(DownloadView) },
  /** Shows a file in its folder; one that was not saved yet is saved to the folder for downloads first. */
  'files.showInFolder': { input: scoped({ fileId: Id }), output: done },
  'files.copyImage': { input: scoped({ fileId: Id }), output: done },
  /** Files of a chat as stored here, newest first. */
  'files.shared': {
    input: scoped({ chatId: Id, tab: z.enum(['media', 'files', 'music']), before, limit }),
    output: z.object({ items: z.array(SharedFileView), more: z.boolean() }),
  },
  'files.links': {
    input: scoped({ chatId: Id, before, limit }),
    output: z.object({ items: z.array(SharedLinkView), more: z.boolean() }),
  },
} as const satisfies Record<string, { input: z.ZodType; output: z.ZodType }>;
