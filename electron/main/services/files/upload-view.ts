/** An upload as the page shows it. Pure. */
import type { UploadView } from '#contract/ipc/file-views.ts';
import type { ErrorCode } from '#contract/model/errors.ts';
import { fileKind } from '#contract/model/media-types.ts';
import type { UploadState } from '#contract/model/upload-state.ts';
import { mediaUrl } from '../../lib/media-id.ts';
import { canShow } from '../../lib/picture-size.ts';
import type { UploadRecord } from '../store/upload-rows.ts';

/** How far it has come in this run. */
export interface UploadProgress {
  state: UploadState;
  /** Bytes that have left. */
  sent: number;
  problem: ErrorCode | null;
  /** Time of the next attempt. */
  retryAt: number | null;
}

function previewUrl(record: UploadRecord, tag: string): string | null {
  const kind = fileKind(record.mimeType);
  const isShown = kind === 'image' ? canShow(record) : kind !== 'document';
  return isShown ? mediaUrl('upload', tag, record.id) : null;
}

/**
 * @param revision of the rows that the record is from.
 * @param tag stands for the account in addresses.
 */
export function uploadView(record: UploadRecord, progress: UploadProgress, revision: number, tag: string): UploadView {
  const { id, chatId, name, mimeType, size, width, height, voice, reduced, canReduce, tagged, keepTags } = record;
  const { state, sent, problem, retryAt } = progress;
  return {
    ...{ id, chatId, name, mimeType, size, width, height, voice, reduced, canReduce, tagged, keepTags },
    revision,
    messageKey: record.localId,
    kind: fileKind(mimeType),
    duration: null,
    previewUrl: previewUrl(record, tag),
    state,
    sent: state === 'ready' ? size : Math.min(sent, size),
    problem,
    retryAt,
  };
}
