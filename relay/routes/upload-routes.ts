import type { Capability } from '#contract/api/capabilities.ts';
import { UPLOAD_OFFSET, type UploadProgress } from '#contract/api/upload.ts';
import { MAX_UPLOAD_BYTES } from '#contract/model/limits.ts';
import { invalidField } from '../errors.ts';
import { cleanFileName } from '../files/file-name.ts';
import type { Serve } from '../http/serve.ts';
import { fileView } from '../services/file-view.ts';
import type { Progress, ResumableUploads } from '../services/resumable-uploads.ts';

interface UploadServices {
  uploads: ResumableUploads;
  has: (capability: Capability) => boolean;
}

/** Uploads in parts. */
export function uploadRoutes(serve: Serve, { uploads, has }: UploadServices): void {
  if (!has('resumable-upload')) return;

  function answer({ offset, file }: Progress): {
    status: number;
    headers: Record<string, string>;
    body: UploadProgress;
  } {
    const body = { offset, ...(file ? { file: fileView(file, has('files')) } : {}) };
    return { status: 200, headers: { [UPLOAD_OFFSET]: String(offset) }, body };
  }

  /** Where a part begins. */
  function offsetOf(header: string | undefined): number {
    const offset = /^\d{1,15}$/.test(header ?? '') ? Number(header) : Number.NaN;
    if (offset <= MAX_UPLOAD_BYTES) return offset;
    throw invalidField(UPLOAD_OFFSET, 'invalid', 'A part needs Upload-Offset: where it begins, in bytes.');
  }

  serve('createUpload', async ({ user, body }) => {
    const { id } = await uploads.create(user.id, {
      name: cleanFileName(body.name),
      size: body.size,
      peaks: body.peaks ?? null,
    });
    return { status: 201, headers: { [UPLOAD_OFFSET]: '0' }, body: { uploadId: id, offset: 0 } };
  });

  serve('uploadOffset', async ({ user, params }) => answer(await uploads.progress(user.id, params.id)));

  serve('uploadPart', async ({ user, params, header, body, contentLength }) => {
    const part = { offset: offsetOf(header(UPLOAD_OFFSET)), length: contentLength, bytes: body };
    return answer(await uploads.append(user.id, params.id, part));
  });

  serve('cancelUpload', async ({ user, params }) => {
    await uploads.cancel(user.id, params.id);
    return { status: 204, body: undefined };
  });
}
