/** The files of messages as the page shows them. */
import type { AttachmentView } from '#contract/ipc/views.ts';
import { MOST } from '#contract/model/limits.ts';
import { fileKind, isVoice } from '#contract/model/media-types.ts';
import { stripBidiControls } from '#contract/model/text.ts';
import { mediaUrl } from '../../lib/media-id.ts';
import { canShow, isHuge } from '../../lib/picture-size.ts';
import type { StoreContext } from './context.ts';
import { type UploadRecord, uploadsOf } from './upload-rows.ts';
import { text, within } from './values.ts';

/** As many as the contract allows. */
const MOST_PEAKS = 256;

/** The columns of an `AttachmentRow`. */
export const ATTACHMENT_COLUMNS = 'id, name, mime_type, size, width, height, duration, thumbhash, peaks';

/** A file as stored. */
export type AttachmentRow = {
  id: string;
  name: string;
  mime_type: string;
  size: number;
  width: number | null;
  height: number | null;
  duration: number | null;
  thumbhash: string | null;
  peaks: string | null;
};

/** A stored waveform; null when there is none or it is invalid. */
function peaksOf(json: string | null): number[] | null {
  if (json === null) return null;
  try {
    const peaks: unknown = JSON.parse(json);
    return Array.isArray(peaks) && peaks.length > 0 ? peaks.slice(0, MOST_PEAKS).map((peak) => within(peak, 1)) : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** One file; null when its id is none that could be asked for. */
export function attachmentView(context: StoreContext, row: AttachmentRow): AttachmentView | null {
  const url = mediaUrl('file', context.tag, row.id);
  if (url === null) return null;
  const name = stripBidiControls(text(row.name));
  const mimeType = text(row.mime_type);
  const kind = fileKind(mimeType);
  const width = row.width === null ? null : within(row.width, MOST.pixels);
  const height = row.height === null ? null : within(row.height, MOST.pixels);
  return {
    id: row.id,
    uploadId: null,
    name,
    mimeType,
    kind,
    size: Math.floor(within(row.size, MOST.bytes)),
    width,
    height,
    duration: row.duration === null ? null : within(row.duration, MOST.seconds),
    voice: isVoice(name, mimeType),
    url,
    thumbUrl: kind === 'image' ? mediaUrl('thumb', context.tag, row.id) : null,
    previewUrl: kind === 'image' && isHuge({ width, height }) ? mediaUrl('preview', context.tag, row.id) : null,
    thumbhash: row.thumbhash,
    peaks: peaksOf(row.peaks),
    state: 'remote',
  };
}

/** A file that is still on its way: shown from this computer. */
function pendingView(context: StoreContext, upload: UploadRecord): AttachmentView[] {
  const url = mediaUrl('upload', context.tag, upload.id);
  if (url === null) return [];
  const { id, name, mimeType, size, width, height, voice } = upload;
  const kind = fileKind(mimeType);
  return [
    {
      ...{ id, name, mimeType, kind, size, width, height, voice, url },
      uploadId: id,
      duration: null,
      thumbUrl: kind === 'image' && canShow(upload) ? url : null,
      previewUrl: null,
      thumbhash: null,
      peaks: null,
      state: 'cached',
    },
  ];
}

/** The files of a message: those that the server has, or those that it waits for. */
export function attachmentViews(
  context: StoreContext,
  message: { row: number; id: string | null; local_id: string | null },
): AttachmentView[] {
  const uploads = message.id === null && message.local_id !== null ? uploadsOf(context, message.local_id) : [];
  if (uploads.length > 0) return uploads.flatMap((upload) => pendingView(context, upload));
  return context.sql
    .all<AttachmentRow>(`SELECT ${ATTACHMENT_COLUMNS} FROM attachments WHERE row = ? ORDER BY n`, message.row)
    .flatMap((file) => attachmentView(context, file) ?? []);
}
