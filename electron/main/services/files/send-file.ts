/** One attempt to send a file: from the disk to the server's answer. */
import type { File } from '#contract/api/file.ts';
import type { AppError } from '#contract/model/errors.ts';
import { TransferFailed } from '../../lib/transfer-failed.ts';
import type { RelayApi, UploadFile } from '../ports.ts';
import type { UploadRecord } from '../store/upload-rows.ts';
import { fileSource, isSameFile, withFile } from './file-source.ts';
import type { SendPlan } from './pictures/plan.ts';
import { planOf } from './staging.ts';

export interface SendOptions {
  api: RelayApi;
  upload: UploadRecord;
  /** The server takes a file in parts. */
  canResume: boolean;
  /** The server's id of an upload that can be continued, to be kept. */
  onSession: (session: string) => Promise<void>;
  signal: AbortSignal;
  /** Bytes of the file that have left; at most 10 times a second. */
  onProgress: (bytes: number) => void;
  /** The last byte has left: the answer is awaited. */
  onAllSent: () => void;
}

export type SendOutcome = { ok: true; file: File } | { ok: false; error: AppError };

/** What is sent of the file. @throws TransferFailed when it is not the file that was chosen, or cannot be read. */
function currentPlan(upload: UploadRecord): Promise<SendPlan | null> {
  const { path, identity, mimeType, keepTags, size } = upload;
  return withFile(path, async (file) => {
    if (!isSameFile(file.identity, identity)) throw new TransferFailed('file_changed', 'since it was chosen');
    const plan = await planOf(mimeType, file.read, identity, keepTags);
    // Its view and the server were told this many.
    if ((plan?.size ?? identity.size) !== size) throw new TransferFailed('file_changed', 'another size');
    return plan;
  });
}

/** Bytes from which a file is sent so that it can be continued: a smaller one is sooner sent again. */
export const RESUMED_BYTES = 1024 * 1024;
/** Parts of one attempt that the server may send to another offset, or to a new beginning. */
const MOST_TURNS = 5;

function uploadOf(options: SendOptions, plan: SendPlan | null, offset: number): UploadFile {
  const { upload, onAllSent } = options;
  const { name, mimeType, path, identity } = upload;
  return { name, mimeType, source: fileSource({ path, identity, plan, offset, onEnd: onAllSent }) };
}

/** In one request, as every server takes it. */
async function sendWhole(options: SendOptions, plan: SendPlan | null): Promise<SendOutcome> {
  const { api, signal, onProgress } = options;
  const file = uploadOf(options, plan, 0);
  const answer = await api.upload('upload', {}, file, { signal, onProgress: ({ bytes }) => onProgress(bytes) });
  return answer.ok ? { ok: true, file: answer.value.file } : { ok: false, error: answer.error };
}

type Place = { session: string; offset: number; file: File | null };

/** Where an upload that was begun goes on; null when the server does not know it any more. */
async function placeOf({ api, signal }: SendOptions, session: string): Promise<Place | null | AppError> {
  const known = await api.call('uploadOffset', { params: { id: session } }, { signal });
  if (known.ok) return { session, offset: known.value.offset, file: known.value.file ?? null };
  return known.error.code === 'not_found' ? null : known.error;
}

async function begin({ api, upload, signal, onSession }: SendOptions): Promise<Place | AppError> {
  const { name, mimeType, size } = upload;
  const made = await api.call('createUpload', { body: { name, mimeType, size } }, { signal });
  if (!made.ok) return made.error;
  await onSession(made.value.uploadId);
  return { session: made.value.uploadId, offset: made.value.offset, file: null };
}

/** The place to go on from: where the last attempt came to, or a new beginning. */
async function resume(options: SendOptions, session: string | null): Promise<Place | AppError> {
  const known = session === null ? null : await placeOf(options, session);
  if (known === null) return begin(options);
  // More than there is: those are not our bytes.
  return 'session' in known && known.offset > options.upload.size ? begin(options) : known;
}

/** From where the server has it. A conflict says where that is; what it does not know any more begins anew. */
async function sendRest(options: SendOptions, plan: SendPlan | null): Promise<SendOutcome> {
  const { api, upload, signal, onProgress } = options;
  let { session } = upload;
  let error: AppError = { code: 'conflict', message: 'the server sends it from place to place' };
  for (let turn = 0; turn < MOST_TURNS; turn += 1) {
    const place = await resume(options, session);
    if ('code' in place) return { ok: false, error: place };
    if (place.file) return { ok: true, file: place.file };
    session = place.session;
    const { offset } = place;
    onProgress(offset);
    const answer = await api.upload('uploadPart', { params: { id: session } }, uploadOf(options, plan, offset), {
      signal,
      offset,
      onProgress: ({ bytes }) => onProgress(offset + bytes),
    });
    if (answer.ok && answer.value.file) return { ok: true, file: answer.value.file };
    if (answer.ok) continue;
    ({ error } = answer);
    if (error.code === 'not_found') session = null;
    else if (error.code !== 'conflict') break;
  }
  return { ok: false, error };
}

/** Sends a file, or the rest of it. Never throws. */
export async function sendFile(options: SendOptions): Promise<SendOutcome> {
  const { upload, canResume } = options;
  try {
    const plan = await currentPlan(upload);
    return await (canResume && upload.size >= RESUMED_BYTES ? sendRest(options, plan) : sendWhole(options, plan));
  } catch (error) {
    if (error instanceof TransferFailed) return { ok: false, error: error.failure };
    throw error;
  }
}
