/** Which files are music, and what a drop holds of them, folders included. */

/** Endings of sound, for systems that give no type; whether it plays here is another question. */
const ENDINGS = /\.(mp3|m4a|m4b|mp4a|aac|flac|ogg|oga|opus|wav|wave|mka|weba|aif|aiff|aifc|wma|ac3|alac)$/i;

/** What the file chooser offers. */
export const MUSIC_ACCEPT = 'audio/*,.mp3,.m4a,.m4b,.aac,.flac,.ogg,.oga,.opus,.wav,.mka,.aif,.aiff,.wma,.ac3';

/** Files of one drop: more are a mistake, such as a whole disk. */
export const MOST_DROPPED = 20_000;

export function isMusicFile(file: { name: string; type: string }): boolean {
  // A playlist is `audio/x-mpegurl`.
  if (/\.(m3u8?|pls)$/i.test(file.name)) return false;
  return file.type.startsWith('audio/') || ENDINGS.test(file.name);
}

/** As much of a `FileSystemEntry` as a walk needs. */
export interface Entry {
  readonly isFile: boolean;
  readonly name: string;
  file?(done: (file: File) => void, failed: (error: unknown) => void): void;
  createReader?(): { readEntries(done: (entries: Entry[]) => void, failed: (error: unknown) => void): void };
}

export interface FoundMusic {
  files: File[];
  /** Files that are no music, and whatever could not be read. */
  others: number;
}

/** The entries of a drop. Call during the event: afterwards the browser empties it. */
export function droppedEntries(transfer: DataTransfer): Entry[] {
  return [...transfer.items].flatMap<Entry>((item) => {
    if (item.kind !== 'file') return [];
    const entry = item.webkitGetAsEntry();
    if (entry) return [entry];
    const file = item.getAsFile();
    return file ? [{ isFile: true, name: file.name, file: (done: (file: File) => void) => done(file) }] : [];
  });
}

const read = <T>(start: (done: (value: T) => void, failed: (error: unknown) => void) => void): Promise<T | null> =>
  new Promise((resolve) => {
    start(resolve, (error) => {
      console.warn('a part of a drop could not be read', error);
      resolve(null);
    });
  });

/** All music in these entries, folder by folder in the order of names. */
export async function musicIn(entries: readonly Entry[], most = MOST_DROPPED): Promise<FoundMusic> {
  const found: FoundMusic = { files: [], others: 0 };

  async function walk(entry: Entry): Promise<void> {
    if (found.files.length >= most) {
      found.others += 1;
      return;
    }
    if (entry.isFile) {
      // Hidden files of a system are nobody's music.
      if (entry.name.startsWith('.')) return;
      const file = entry.file ? await read<File>((done, failed) => entry.file?.(done, failed)) : null;
      if (file && isMusicFile(file)) found.files.push(file);
      else found.others += 1;
      return;
    }
    const reader = entry.createReader?.();
    if (!reader) return;
    const inside: Entry[] = [];
    // A folder is read in parts, until an empty one.
    for (;;) {
      const part = await read<Entry[]>((done, failed) => reader.readEntries(done, failed));
      if (!part || part.length === 0) break;
      inside.push(...part);
    }
    inside.sort((a, b) => a.name.localeCompare(b.name, undefined, { numeric: true }));
    for (const one of inside) await walk(one);
  }

  for (const entry of entries) await walk(entry);
  return found;
}
