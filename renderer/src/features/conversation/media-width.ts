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

/** True for a voice message alone: its own row of time and speed has room for the time of the message. */
export function isVoiceOnly({ text, attachments }: Pick<MessageView, 'attachments' | 'text'>): boolean {
  return text === '' && attachments.length === 1 && attachments[0]?.voice === true;
}

export interface SplitFiles {
  pictures: AttachmentView[];
  videos: AttachmentView[];
  sounds: AttachmentView[];
  /** Rows with buttons: documents, and videos, whatever can be shown of those. */
  cards: AttachmentView[];
}

/** The files of a message by how they are shown. A voice message is a sound, whatever its container is called. */
export function splitFiles(files: readonly AttachmentView[]): SplitFiles {
  const isSound = ({ kind, voice }: AttachmentView): boolean => voice || kind === 'audio';
  const videos = files.filter((file) => file.kind === 'video' && !isSound(file));
  return {
    pictures: files.filter(({ kind }) => kind === 'image'),
    videos,
    sounds: files.filter(isSound),
    cards: files.filter((file) => file.kind === 'document' || videos.includes(file)),
  };
}

/** The boxes of pictures (together) and videos. */
function boxes({ pictures, videos }: SplitFiles): { width: number; height: number }[] {
  return [...(pictures.length > 0 ? [mosaicBox(pictures)] : []), ...videos.map((video) => mosaicBox([video]))];
}

/** The width of a bubble with pictures or videos; null for one without. */
export function mediaWidth(message: Pick<MessageView, 'attachments' | 'text'>): number | null {
  const widest = Math.max(0, ...boxes(splitFiles(message.attachments)).map(({ width }) => width));
  if (widest === 0) return null;
  return isPicturesOnly(message) ? widest : Math.max(widest, LEAST_WITH_WORDS);
}

/** An estimate of the height of the files. */
export function filesHeight({ attachments }: Pick<MessageView, 'attachments'>): number {
  const split = splitFiles(attachments);
  const rows = split.sounds.length * SOUND_HEIGHT + split.cards.length * ROW_HEIGHT;
  return boxes(split).reduce((sum, { height }) => sum + height, rows);
}
