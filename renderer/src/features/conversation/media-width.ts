/** The space that the files of a message take. Pure. Pixels at the normal text size. */
import type { AttachmentView, MessageView } from '#contract/ipc/views.ts';
import { mosaicBox } from '../../composables/mosaic.ts';

/** Narrower than this, a caption would be a column of single words. */
const LEAST_WITH_WORDS = 260;
/** A file as a row, and a sound. */
const ROW_HEIGHT = 52;
const SOUND_HEIGHT = 60;

/** True when there is nothing but pictures, so that the time lies over them. */
export function isPicturesOnly({ text, attachments }: Pick<MessageView, 'attachments' | 'text'>): boolean {
  return text === '' && attachments.length > 0 && attachments.every(({ kind }) => kind === 'image');
}

/** The boxes of pictures (together) and videos. */
function boxes(files: readonly AttachmentView[]): { width: number; height: number }[] {
  const pictures = files.filter(({ kind }) => kind === 'image');
  const videos = files.filter(({ kind }) => kind === 'video').map((video) => mosaicBox([video]));
  return pictures.length > 0 ? [mosaicBox(pictures), ...videos] : videos;
}

/** The width of a bubble with pictures or videos; null for one without. */
export function mediaWidth(message: Pick<MessageView, 'attachments' | 'text'>): number | null {
  const widest = Math.max(0, ...boxes(message.attachments).map(({ width }) => width));
  if (widest === 0) return null;
  return isPicturesOnly(message) ? widest : Math.max(widest, LEAST_WITH_WORDS);
}

/** An estimate of the height of the files. */
export function filesHeight({ attachments }: Pick<MessageView, 'attachments'>): number {
  const sounds = attachments.filter(({ kind }) => kind === 'audio').length;
  // A video is a row as well, see MessageFiles.vue.
  const rows = attachments.filter(({ kind }) => kind === 'document' || kind === 'video').length;
  return boxes(attachments).reduce((sum, { height }) => sum + height, sounds * SOUND_HEIGHT + rows * ROW_HEIGHT);
}
