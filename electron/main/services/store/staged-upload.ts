/** A file as it was staged: in the store's rows, in the journal, and on its way there. */

/** A file as it was staged. Paths never leave main. */
export interface StagedUpload {
  id: string;
  chatId: string;
  name: string;
  mimeType: string;
  /** Bytes that are sent. */
  size: number;
  /** As it is shown; null when it is no picture, or it is not known. */
  width: number | null;
  height: number | null;
  voice: boolean;
  path: string;
  /** It lies in our own folder, and goes with the row. */
  own: boolean;
  /** The file as it was then: in bytes, in nanoseconds, and its number in the file system. */
  identity: { size: number; modified: string; inode: string };
  tagged: boolean;
  keepTags: boolean;
  canReduce: boolean;
  /** It is a smaller copy of another one. */
  reduced: boolean;
}

type Fields = Readonly<Record<string, unknown>>;

/** An upload of a record of the journal; null when it makes no sense. */
export function readStagedUpload(value: unknown): StagedUpload | null {
  if (typeof value !== 'object' || value === null) return null;
  const fields = value as Fields;
  const identity = (fields['identity'] ?? {}) as Fields;
  const texts = [fields['id'], fields['chatId'], fields['name'], fields['mimeType'], fields['path']];
  const flags = ['voice', 'own', 'tagged', 'keepTags', 'canReduce', 'reduced'].map((name) => fields[name]);
  const isSize = (size: unknown): boolean => size === null || Number.isFinite(size);
  const fits =
    [...texts, identity['modified'], identity['inode']].every((text) => typeof text === 'string') &&
    flags.every((flag) => typeof flag === 'boolean') &&
    Number.isFinite(fields['size']) &&
    Number.isFinite(identity['size']) &&
    isSize(fields['width']) &&
    isSize(fields['height']);
  return fits ? (value as StagedUpload) : null;
}
