/** What is in a drag or on the clipboard: files or words. Pure. */

/** `words` includes an address dragged from a browser: it is text, and nothing is fetched. */
export type DropKind = 'files' | 'words' | 'nothing';

/** What a drag carries, by its types. */
export function dropKind(types: readonly string[]): DropKind {
  if (types.includes('Files')) return 'files';
  return types.includes('text/plain') || types.includes('text/uri-list') ? 'words' : 'nothing';
}

/** The words of a drag: its text, otherwise the addresses of its list, without comments. */
export function droppedWords(get: (type: string) => string): string {
  const text = get('text/plain');
  if (text.trim() !== '') return text;
  return get('text/uri-list')
    .split(/\r?\n/)
    .filter((line) => line !== '' && !line.startsWith('#'))
    .join('\n');
}

/** The last part of a path or address, as a file is called. */
function lastPart(line: string): string {
  const part = line.trim().split(/[/\\]/).at(-1) ?? '';
  try {
    return decodeURIComponent(part);
  } catch (error) {
    if (error instanceof URIError) return part;
    throw error;
  }
}

export type PasteKind =
  | { kind: 'words' }
  | { kind: 'files' }
  /** The words are pasted, and the pictures are offered: an office program copies both. */
  | { kind: 'words-and-pictures' };

/** What to paste. File managers add the files' paths as text: those are not words. */
export function pasteKind(text: string, files: readonly { name: string; type: string }[]): PasteKind {
  if (files.length === 0) return { kind: 'words' };
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '');
  if (lines.length === 0) return { kind: 'files' };
  const names = new Set(files.map((file) => file.name));
  if (lines.every((line) => names.has(lastPart(line)))) return { kind: 'files' };
  return files.every((file) => file.type.startsWith('image/')) ? { kind: 'words-and-pictures' } : { kind: 'files' };
}

/** The name of a pasted picture: browsers call all of them `image.png`. `now`: milliseconds since the epoch. */
export function pastedName(file: { name: string; type: string }, now: number): string {
  if (!/^image\.\w+$/.test(file.name)) return file.name;
  const at = new Date(now);
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = [at.getFullYear(), two(at.getMonth() + 1), two(at.getDate())].join('-');
  const time = [two(at.getHours()), two(at.getMinutes()), two(at.getSeconds())].join('');
  return `picture-${day}-${time}.${file.name.split('.').at(-1) ?? 'png'}`;
}
