/** What a media type means here: what may be shown and played inline, and as what. Pure. */

/**
 * Media types that may be shown and played inline: none of them runs a script, as a document, a style or a module could.
 * Everything else is only a file to save.
 */
export const INLINE_TYPES: ReadonlySet<string> = new Set([
  'image/png',
  'image/jpeg',
  'image/gif',
  'image/webp',
  'image/avif',
  'image/apng',
  'audio/mpeg',
  'audio/mp4',
  'audio/aac',
  'audio/flac',
  'audio/ogg',
  'audio/wav',
  'audio/webm',
  'video/mp4',
  'video/webm',
  'video/ogg',
]);

/** Other names of the same types, and containers that Chromium plays only under the name of their sibling. */
const SAME_AS: Readonly<Record<string, string>> = {
  'image/jpg': 'image/jpeg',
  'image/pjpeg': 'image/jpeg',
  'image/vnd.mozilla.apng': 'image/apng',
  'audio/mp3': 'audio/mpeg',
  'audio/x-m4a': 'audio/mp4',
  'audio/m4a': 'audio/mp4',
  'audio/x-flac': 'audio/flac',
  'audio/x-wav': 'audio/wav',
  'audio/wave': 'audio/wav',
  'audio/vnd.wave': 'audio/wav',
  'audio/opus': 'audio/ogg',
  'application/ogg': 'audio/ogg',
  'video/quicktime': 'video/mp4',
  'video/x-m4v': 'video/mp4',
};

/** The type under which a file is shown or played inline; null when it may only be saved. */
export function inlineType(mimeType: string): string | null {
  const plain = (mimeType.split(';')[0] ?? '').trim().toLowerCase();
  const type = SAME_AS[plain] ?? plain;
  return INLINE_TYPES.has(type) ? type : null;
}

/** How a file is shown. */
export const FILE_KINDS = ['image', 'video', 'audio', 'document'] as const;
export type FileKind = (typeof FILE_KINDS)[number];

/** The kind of a media type: what cannot be shown or played inline is a document. */
export function fileKind(mimeType: string): FileKind {
  const kind = inlineType(mimeType)?.split('/')[0];
  return kind === 'image' || kind === 'video' || kind === 'audio' ? kind : 'document';
}

/** The name that the app gives to a voice message: it tells one from music, on every server. */
const VOICE_NAME = /^voice-\d{8}-\d{6}\.(?:m4a|webm|ogg|wav)$/;

/**
 * True for a voice message, by the name and the type of its file. Some servers cannot tell sound alone from a film in the
 * same container.
 */
export function isVoice(name: string, mimeType: string): boolean {
  const kind = fileKind(mimeType);
  return VOICE_NAME.test(name) && (kind === 'audio' || kind === 'video');
}
