/** Files at a relay: uploads as any HTTP client makes them, and downloads as they come. */
import type { File as RelayFile } from '../../contract/api/file.ts';
import type { TestUser } from './relay.ts';

/** Uploads one file and answers what was said of it. */
export async function uploadRaw(
  user: TestUser,
  bytes: Uint8Array | string,
  name = 'file.bin',
): Promise<{ status: number; body: { file: RelayFile; error?: { code: string } } }> {
  const form = new FormData();
  form.append('file', new Blob([typeof bytes === 'string' ? bytes : Uint8Array.from(bytes)]), name);
  const answer = await user.api.request<{ file: RelayFile; error?: { code: string } }>('POST', '/files/upload', {
    body: form,
  });
  return { status: answer.status, body: answer.body };
}

/** Uploads one file that must be taken. */
export async function upload(user: TestUser, bytes: Uint8Array | string, name?: string): Promise<RelayFile> {
  const { status, body } = await uploadRaw(user, bytes, name);
  if (status !== 201) throw new Error(`upload: ${status} ${JSON.stringify(body)}`);
  return body.file;
}

export interface Downloaded {
  status: number;
  headers: Headers;
  bytes: Buffer;
}

/** Reads a file, or what is answered in its place. @param path below `/api`. */
export async function download(
  url: string,
  user: { token: string } | null,
  path: string,
  headers: Record<string, string> = {},
): Promise<Downloaded> {
  const authorization: Record<string, string> = user === null ? {} : { authorization: `Bearer ${user.token}` };
  const answer = await fetch(`${url}/api${path}`, { headers: { ...authorization, ...headers } });
  return { status: answer.status, headers: answer.headers, bytes: Buffer.from(await answer.arrayBuffer()) };
}

export interface UploadAnswer {
  status: number;
  headers: Headers;
  body: { uploadId: string; offset: number; file?: RelayFile; error?: { code: string; fields?: object } };
}

/** The rows of uploads in parts, as one person calls them. */
export function uploadsOf(user: TestUser) {
  const ask = (method: string, path: string, init?: RequestInit): Promise<UploadAnswer> =>
    user.api.request<UploadAnswer['body']>(method, path, init);
  return {
    create: (size: number, name = 'part.bin', more: object = {}): Promise<UploadAnswer> =>
      ask('POST', '/uploads', {
        body: JSON.stringify({ name, size, mimeType: 'application/x-said', ...more }),
        headers: { 'content-type': 'application/json' },
      }),
    part: (id: string, offset: number | string, bytes: Uint8Array): Promise<UploadAnswer> =>
      ask('PATCH', `/uploads/${id}`, {
        body: Uint8Array.from(bytes),
        headers: { 'content-type': 'application/offset+octet-stream', 'upload-offset': String(offset) },
      }),
    progress: (id: string): Promise<UploadAnswer> => ask('GET', `/uploads/${id}`),
    cancel: (id: string): Promise<UploadAnswer> => ask('DELETE', `/uploads/${id}`),
  };
}
