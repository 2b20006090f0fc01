/** The files that a message waits for, in the transactions of the message. */
import type { ErrorCode } from '#contract/model/errors.ts';
import { nextUploadState } from '#contract/model/upload-state.ts';
import type { Changes } from '../../changes.ts';
import type { StoreContext } from '../../context.ts';
import { deleteUploads, setUpload, type UploadRecord, uploadsOf, uploadsWhere } from '../../upload-rows.ts';
import type { OutboxRow } from './rows.ts';

/** Milliseconds after which a file that no message has is sent anew: servers remove what nobody attaches. */
const FRESH_MS = 24 * 3_600_000;

/** Refusals of a message that may be about its files. */
const ABOUT_FILES: ReadonlySet<string | null> = new Set<ErrorCode>(['not_found', 'validation', 'forbidden']);

/** Begins another upload of the same file. */
function startAnew(context: StoreContext, { id }: UploadRecord): void {
  setUpload(context, id, { state: 'waiting', problem: null, session: null, file_id: null, file: null, ready_at: null });
}

/**
 * Moves uploads from the composer into a message. Those that waited for the user go on.
 * @returns false when one of them is not in this chat's composer: then nothing has changed.
 */
export function takeUploads(
  context: StoreContext,
  input: { localId: string; chatId: string; uploads?: string[]; now: number },
  changes: Changes,
): boolean {
  const { uploads: ids = [] } = input;
  if (ids.length === 0) return true;
  const free = uploadsWhere(context, 'chat_id = ? AND local_id IS NULL AND aside_for IS NULL', input.chatId);
  const taken = ids.flatMap((id) => free.find((upload) => upload.id === id) ?? []);
  if (taken.length !== new Set(ids).size || taken.length !== ids.length) return false;
  for (const [n, upload] of taken.entries()) {
    context.sql.run('DELETE FROM uploads WHERE aside_for = ?', upload.id);
    const { state, readyAt } = upload;
    if (state === 'ready' && input.now - (readyAt ?? 0) > FRESH_MS) startAnew(context, upload);
    if (state === 'paused' || state === 'failed') {
      const next = nextUploadState(state, state === 'paused' ? 'resume' : 'retry');
      setUpload(context, upload.id, { state: next, problem: null });
    }
    setUpload(context, upload.id, { local_id: input.localId, n });
  }
  changes.uploads(input.chatId);
  return true;
}

/**
 * Moves uploads from the composer to a message that is sent later. They stop where they are, and go on once the message
 * is released.
 * @returns false as for `takeUploads`.
 */
export function holdUploads(
  context: StoreContext,
  input: { localId: string; chatId: string; uploads?: string[] | undefined; now: number },
  changes: Changes,
): boolean {
  if (!takeUploads(context, { ...input, uploads: input.uploads ?? [] }, changes)) return false;
  for (const { id, state } of uploadsOf(context, input.localId)) {
    // A smaller picture that was to come does not come any more: its message has left the composer.
    setUpload(context, id, { state: nextUploadState(nextUploadState(state, 'staged'), 'pause') });
  }
  return true;
}

/** Puts the uploads of a message that is sent later back into the composer, from where it takes them. Their ids, in order. */
export function freeUploads(context: StoreContext, localId: string): string[] {
  const held = uploadsOf(context, localId);
  for (const { id } of held) setUpload(context, id, { local_id: null });
  return held.map(({ id }) => id);
}

/** The message is to be sent again: so are its files that failed, and all of them if the server may have refused one. */
export function retryUploads(context: StoreContext, row: OutboxRow, changes: Changes): void {
  const uploads = uploadsOf(context, row.local_id);
  if (uploads.length === 0) return;
  const refused = context.sql.get<{ problem: string | null }>(
    'SELECT problem FROM messages WHERE local_id = ?',
    row.local_id,
  );
  const all = uploads.every(({ state }) => state === 'ready') && ABOUT_FILES.has(refused?.problem ?? null);
  if (all) context.sql.run("UPDATE outbox SET files = '[]' WHERE local_id = ?", row.local_id);
  for (const upload of uploads) {
    const { state } = upload;
    if (all) startAnew(context, upload);
    else if (state === 'failed')
      setUpload(context, upload.id, { state: nextUploadState(state, 'retry'), problem: null });
    else if (state === 'paused') setUpload(context, upload.id, { state: nextUploadState(state, 'resume') });
  }
  changes.uploads(row.chat_id);
}

/** Removes the uploads of a message that is withdrawn. */
export function dropUploads(context: StoreContext, row: OutboxRow, changes: Changes): void {
  if (uploadsOf(context, row.local_id).length === 0) return;
  deleteUploads(context, 'local_id = ?', row.local_id);
  changes.uploads(row.chat_id);
}
