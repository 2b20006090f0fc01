/** One attempt to send a file: from the disk to the server's answer. */
import type { File } from '#contract/api/file.ts';
import type { AppError } from '#contract/model/errors.ts';
import { TransferFailed } from '../../lib/transfer-failed.ts';
import type { RelayApi, UploadFile } from '../ports.ts';
import type { UploadRecord } from '../store/upload-rows.ts';
import { fileSource, isSameFile, type SourceOptions, withFile } from './file-source.ts';
import type { SendPlan } from './pictures/plan.ts';
import { failureOf, planOf } from './staging.ts';

export interface SendOptions {
  api: RelayApi;
  upload: UploadRecord;
  signal: AbortSignal;
  /** Bytes of the file that have left; at most 10 times a second. */
  onProgress: (bytes: number) => void;
  /** The last byte has left: the answer is awaited. */
  onAllSent: () => void;
}

export type SendOutcome = { ok: true; file: File } | { ok: false; error: AppError };

/** What is sent of the file. @throws TransferFailed when it is not the file that was chosen, or cannot be read. */
export function currentPlan(upload: UploadRecord): Promise<SendPlan | null> {
  const { path, identity, mimeType, keepTags, size } = upload;
  return withFile(path, async (file) => {
    if (!isSameFile(file.identity, identity)) throw new TransferFailed('file_changed', 'since it was chosen');
    const plan = await planOf(mimeType, file.read, identity, keepTags);
    // Its view and the server were told this many.
    if ((plan?.size ?? identity.size) !== size) throw new TransferFailed('file_changed', 'another size');
    return plan;
  });
}

/** The bytes of a file from an offset on, as they are sent. */
export function sourceOf(
  { path, identity }: UploadRecord,
  plan: SendPlan | null,
  more: Pick<SourceOptions, 'offset' | 'onEnd'>,
): UploadFile['source'] {
  return fileSource({ path, identity, plan, ...more });
}

/** Sends a file in one request. Never throws. */
export async function sendFile(options: SendOptions): Promise<SendOutcome> {
  const { api, upload, signal, onProgress, onAllSent } = options;
  let plan: SendPlan | null;
  try {
    plan = await currentPlan(upload);
  } catch (error) {
    return { ok: false, error: failureOf(error) };
  }
  const { name, mimeType } = upload;
  const source = sourceOf(upload, plan, { onEnd: onAllSent });
  const answer = await api.upload(
    'upload',
    {},
    { name, mimeType, source },
    { signal, onProgress: ({ bytes }) => onProgress(bytes) },
  );
  return answer.ok ? { ok: true, file: answer.value.file } : { ok: false, error: answer.error };
}
