/** [ext] `resumable-upload`: a file in parts, continued after whatever interrupted it. */
import { z } from 'zod';
import { File, Peaks } from './file.ts';
import { Bytes, Id } from './shared.ts';

export const CreateUploadBody = z.object({
  name: z.string().max(4096),
  /** In bytes, of the whole file. */
  size: Bytes.min(1),
  /** What the sender takes it for; the server looks at the bytes. */
  mimeType: z.string().max(255).optional(),
  /** Of a sound: its loudness as the sender's recorder measured it, used where the server cannot. */
  peaks: Peaks.optional(),
});
export type CreateUploadBody = z.infer<typeof CreateUploadBody>;

export const CreatedUpload = z.object({ uploadId: Id, offset: Bytes });

/** How far an upload has come: the bytes that a crash of the server does not lose, and the file once it is complete. */
export const UploadProgress = z.object({ offset: Bytes, file: File.optional() });
export type UploadProgress = z.infer<typeof UploadProgress>;

/** The header of a part: where it begins. Also in answers: where the next part begins. */
export const UPLOAD_OFFSET = 'upload-offset';
export const UPLOAD_PART_TYPE = 'application/offset+octet-stream';
