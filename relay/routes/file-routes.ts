import type { Capability } from '#contract/api/capabilities.ts';
import { RelayError } from '../errors.ts';
import { cleanFileName } from '../files/file-name.ts';
import { readForm } from '../http/multipart.ts';
import type { Serve } from '../http/serve.ts';
import { fileView } from '../services/file-view.ts';
import type { Files, Taken } from '../services/files.ts';
import type { UploadQuota } from '../services/upload-quota.ts';

interface FileServices {
  files: Files;
  quota: UploadQuota;
  has: (capability: Capability) => boolean;
}

/** The field of the form that carries the file. */
const FIELD = 'file';

function oneFile(): RelayError {
  return new RelayError('bad_request', `The form must carry exactly one file, in the field "${FIELD}".`);
}

/** Uploads and downloads. */
export function fileRoutes(serve: Serve, { files, quota, has }: FileServices): void {
  serve('upload', ({ user, body, contentType, contentLength }) =>
    quota.during(user.id, async () => {
      let taken: Taken | null = null;
      try {
        for await (const { name, fileName, bytes } of readForm(body, contentType)) {
          // Other fields are skipped.
          if (fileName === null) continue;
          if (taken || name !== FIELD) throw oneFile();
          taken = await files.take(user.id, cleanFileName(fileName), bytes, contentLength);
        }
      } catch (error) {
        await taken?.discard();
        throw error;
      }
      if (!taken) throw oneFile();
      return { status: 201, body: { file: fileView(await taken.keep(), has('files')) } };
    }),
  );

  serve('download', async ({ user, params, query }) => {
    const variant = has('files') ? (query.variant ?? null) : null;
    const { row, mimeType, size, tag, read } = await files.open(user.id, params.id, variant);
    return { type: mimeType, name: row.name, etag: tag, size, open: read };
  });
}
