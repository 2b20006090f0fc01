/** What happens to files on their way out. Every operation is one transaction, also with the message that waits for them. */
import type { File } from '#contract/api/file.ts';
import type { ErrorCode } from '#contract/model/errors.ts';
import { nextUploadState, type UploadEvent } from '#contract/model/upload-state.ts';
import { changing, type Changes, inTransaction } from '../changes.ts';
import type { StoreContext } from '../context.ts';
import type { ChangeSet } from '../protocol.ts';
import { deleteUploads, findUpload, insertUpload, setUpload, type UploadRecord, uploadsWhere } from '../upload-rows.ts';
import type { StagedUpload } from '../staged-upload.ts';
import { sendAgain } from './outbox/commands.ts';
import { findJob, moveJob } from './outbox/rows.ts';

/** The result of a command on an upload. `too_late`: a message has it, or its bytes have left. */
export type UploadResult = { done: true; changes: ChangeSet } | { done: false; reason: 'not_found' | 'too_late' };

function command(
  context: StoreContext,
  input: { id: string; now: number },
  work: (upload: UploadRecord, changes: Changes) => 'too_late' | undefined,
): UploadResult {
  const { result, changes } = changing(context, input.now, (changes) => {
    const upload = findUpload(context, input.id);
    if (!upload) return 'not_found';
    changes.uploads(upload.chatId);
    return work(upload, changes);
  });
  return result === undefined ? { done: true, changes } : { done: false, reason: result };
}

/** All uploads of this account. */
export function uploads(context: StoreContext, _input: Record<never, never>): UploadRecord[] {
  return uploadsWhere(context, '1');
}

/** True for a message of this device that has files, or waits for some. */
export function hasFiles(context: StoreContext, input: { localId: string }): boolean {
  const found = context.sql.get<{ files: number }>('SELECT files FROM messages WHERE local_id = ?', input.localId);
  return (found?.files ?? 0) > 0;
}

/** True for a chat that is known here. */
export function hasChat(context: StoreContext, input: { chatId: string }): boolean {
  return context.sql.get('SELECT id FROM chats WHERE id = ?', input.chatId) !== undefined;
}

/**
 * Adds a staged file to a chat's composer; with `replaces` in the place of another one, which is put aside. With a
 * `problem` it has failed before it began. Null when the one that it replaces is not there.
 */
export function addUpload(
  context: StoreContext,
  input: { upload: StagedUpload; replaces: string | null; problem?: ErrorCode | null; now: number },
): ChangeSet | null {
  const { upload, replaces, now } = input;
  const { result, changes } = changing(context, now, (changes) => {
    const last = context.sql.get<{ n: number | null }>(
      'SELECT max(n) AS n FROM uploads WHERE chat_id = ? AND local_id IS NULL',
      upload.chatId,
    );
    let n = (last?.n ?? 0) + 1;
    if (replaces !== null) {
      const replaced = findUpload(context, replaces);
      if (!replaced || replaced.chatId !== upload.chatId || replaced.asideFor !== null) return false;
      // Whoever sent the message meanwhile gets what was there.
      if (replaced.localId !== null) return false;
      n = replaced.n;
      // A second copy of the same picture replaces the first one, not the original.
      if (replaced.reduced) {
        context.sql.run('UPDATE uploads SET aside_for = ? WHERE aside_for = ?', upload.id, replaces);
        context.sql.run('DELETE FROM uploads WHERE id = ?', replaces);
      } else setUpload(context, replaces, { aside_for: upload.id });
    }
    const problem = input.problem ?? null;
    insertUpload(context, { ...upload, localId: null, n, state: 'waiting', createdAt: now });
    if (problem !== null) setUpload(context, upload.id, { state: 'failed', problem });
    changes.uploads(upload.chatId);
    return true;
  });
  return result ? changes : null;
}

/** An upload moves on, or its user moves it. A failed one fails its message; the message says why. */
export function moveUpload(
  context: StoreContext,
  input: { id: string; event: Exclude<UploadEvent, 'stored'>; problem: ErrorCode | null; now: number },
): UploadResult {
  return command(context, input, (upload, changes) => {
    const state = nextUploadState(upload.state, input.event);
    setUpload(context, input.id, { state, problem: input.problem });
    const job = upload.localId === null ? undefined : findJob(context, upload.localId);
    if (!job || state === upload.state) return undefined;
    if (state === 'failed')
      moveJob(context, job, { type: 'file_failed' }, { now: input.now, problem: input.problem }, changes);
    else if (input.event === 'retry' && job.state === 'failed') sendAgain(context, job, input.now, changes);
    return undefined;
  });
}

/** The server has the file. */
export function uploadStored(context: StoreContext, input: { id: string; file: File; now: number }): UploadResult {
  return command(context, input, (upload) => {
    const state = nextUploadState(upload.state, 'stored');
    if (state !== 'ready') return undefined;
    setUpload(context, input.id, {
      state,
      problem: null,
      session: null,
      file_id: input.file.id,
      file: JSON.stringify(input.file),
      ready_at: input.now,
    });
    return undefined;
  });
}

/** Nothing can be made of a file, wherever it is by now: it stays failed until it is removed or sent again. */
export function refuseUpload(
  context: StoreContext,
  input: { id: string; problem: ErrorCode; now: number },
): UploadResult {
  return command(context, input, (upload) => {
    if (upload.localId !== null) return 'too_late';
    setUpload(context, input.id, { state: 'failed', problem: input.problem, session: null, file_id: null, file: null });
    return undefined;
  });
}

/** The server's id of an upload that can be continued; null when it has ended. */
export function setUploadSession(context: StoreContext, input: { id: string; session: string | null }): null {
  setUpload(context, input.id, { session: input.session });
  return null;
}

/** Whether the tags of a picture are sent, and how many bytes that makes. `too_late` once it is on its way. */
export function keepUploadTags(
  context: StoreContext,
  input: { id: string; keep: boolean; size: number; now: number },
): UploadResult {
  return command(context, input, (upload) => {
    if (upload.localId !== null || upload.state === 'ready') return 'too_late';
    // What the server has of it are other bytes.
    setUpload(context, input.id, { keep_tags: Number(input.keep), size: input.size, session: null });
    return undefined;
  });
}

/** The order in a composer; those that are not named follow in theirs. */
export function arrangeUploads(
  context: StoreContext,
  input: { chatId: string; ids: string[]; now: number },
): ChangeSet {
  return inTransaction(context, input.now, (changes) => {
    const present = uploadsWhere(context, 'chat_id = ? AND local_id IS NULL AND aside_for IS NULL', input.chatId);
    const named = input.ids.flatMap((id) => present.find((upload) => upload.id === id) ?? []);
    const order = new Set([...named, ...present]);
    [...order].forEach(({ id }, n) => setUpload(context, id, { n: n + 1 }));
    changes.uploads(input.chatId);
  });
}

/** Takes an upload out of its composer, and the original with it that it stood in for. */
export function removeUpload(context: StoreContext, input: { id: string; now: number }): UploadResult {
  return command(context, input, (upload) => {
    if (upload.localId !== null) return 'too_late';
    deleteUploads(context, 'id = ?', input.id);
    return undefined;
  });
}

/** Puts the original back in the place of the smaller picture. */
export function restoreUpload(context: StoreContext, input: { id: string; now: number }): UploadResult {
  return command(context, input, (upload) => {
    if (upload.localId !== null) return 'too_late';
    const [original] = uploadsWhere(context, 'aside_for = ?', upload.id);
    if (!original) {
      // None has come yet.
      setUpload(context, upload.id, { state: nextUploadState(upload.state, 'staged') });
      return undefined;
    }
    setUpload(context, original.id, {
      aside_for: null,
      n: upload.n,
      state: nextUploadState(original.state, 'staged'),
    });
    context.sql.run('DELETE FROM uploads WHERE id = ?', upload.id);
    return undefined;
  });
}
