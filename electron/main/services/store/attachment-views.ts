/** The files of messages as the page shows them. */
import type { AttachmentView } from '#contract/ipc/views.ts';
import { MOST } from '#contract/model/limits.ts';
import { fileKind, type FileKind, isVoice } from '#contract/model/media-types.ts';
import { stripBidiControls } from '#contract/model/text.ts';
import { mediaUrl } from '../../lib/media-id.ts';
import { canShow, isHuge } from '../../lib/picture-size.ts';
import type { StoreContext } from './context.ts';
import { type UploadRecord, uploadsOf } from './upload-rows.ts';
import { text, textOrNull, within } from './values.ts';

/** As many as the contract allows. */
const MOST_PEAKS = 256;

/** The columns of an `AttachmentRow`. */
export const ATTACHMENT_COLUMNS = 'id, name, mime_type, size, width, height, duration, thumbhash, peaks, variants';

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
  variants: string | null;
};

/** A stored list; empty when there is none or it is invalid. */
function listOf(json: string | null): unknown[] {
  if (json === null) return [];
  try {
    const list: unknown = JSON.parse(json);
    return Array.isArray(list) ? list : [];
  } catch (error) {
    if (error instanceof SyntaxError) return [];
    throw error;
  }
}

/** The small picture that the server has of a file: of a picture, or the cover of a sound. */
function thumbUrl(context: StoreContext, kind: FileKind, id: string, variants: readonly unknown[]): string | null {
  if (kind !== 'audio' && variants.includes('thumb')) return mediaUrl('thumb', context.tag, id);
  return kind === 'audio' && variants.includes('cover') ? mediaUrl('cover', context.tag, id) : null;
}

/** One file; null when its id is none that could be asked for. */
export function attachmentView(context: StoreContext, row: AttachmentRow): AttachmentView | null {
  const url = mediaUrl('file', context.tag, row.id);
  if (url === null) return null;
  const name = stripBidiControls(text(row.name));
  const mimeType = text(row.mime_type);
  const voice = isVoice(name, mimeType);
  const kind = voice ? 'audio' : fileKind(mimeType);
  const width = row.width === null ? null : within(row.width, MOST.pixels);
  const variants = listOf(row.variants);
  const peaks = listOf(row.peaks)
    .slice(0, MOST_PEAKS)
    .map((peak) => within(peak, 1));
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
    voice,
    url,
    thumbUrl: thumbUrl(context, kind, row.id, variants),
    previewUrl:
      variants.includes('preview') && isHuge({ width, height }) ? mediaUrl('preview', context.tag, row.id) : null,
    thumbhash: textOrNull(row.thumbhash),
    peaks: peaks.length > 0 ? peaks : null,
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
