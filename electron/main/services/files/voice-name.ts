/** Names of voice messages, by which every client of ours knows them: see `isVoice`. Pure. */
const EXTENSIONS: Readonly<Record<string, string>> = {
  'audio/mp4': 'm4a',
  'audio/webm': 'webm',
  'audio/ogg': 'ogg',
};

/** The name of a recording of that time (milliseconds since the epoch), in UTC; null for a type that is no recording. */
export function voiceName(mimeType: string, time: number): string | null {
  const extension = Object.hasOwn(EXTENSIONS, mimeType) ? EXTENSIONS[mimeType] : undefined;
  if (extension === undefined) return null;
  const digits = new Date(time).toISOString().replace(/\D/g, '');
  return `voice-${digits.slice(0, 8)}-${digits.slice(8, 14)}.${extension}`;
}
