/**
 * Which files of the page the user gave it, and where they lie. A page in a browser knows no paths: the bytes of such a
 * file are streamed to the host, which has a copy of it at the path that is answered. As under Electron a file that a
 * script made has none; stricter than Electron, neither has one that was pasted.
 *
 * The path is answered at once and the bytes follow: a message to main that names the path waits for them.
 */
import type { PageConfig } from './config.ts';

/** Bytes above which only the size is copied: nothing that runs here reads as much. */
const MOST_COPIED = 256 * 1024 * 1024;

export interface GivenFiles {
  /** See `webUtils.getPathForFile`. Throws for anything but a file. */
  pathOf(file: File): string;
  /** The copies that a message must wait for, which is encoded as this text; null when there are none. */
  awaited(text: string): Promise<unknown> | null;
}

/** Watches for files from now on. Call before any script of the page runs. */
export function watchGivenFiles({ files: { folder, separator, address, key } }: PageConfig): GivenFiles {
  const request = window.fetch.bind(window);
  const OriginalFile = window.File;
  const given = new WeakSet<File>();
  const folders = new WeakSet<File>();
  const made = new WeakSet<File>();
  const paths = new WeakMap<File, string>();
  /** By the path as JSON, as it stands in an encoded message. */
  const copying = new Map<string, Promise<unknown>>();
  let count = 0;

  window.File = new Proxy(OriginalFile, {
    construct(target, args, newTarget) {
      const file = Reflect.construct(target, args, newTarget) as File;
      made.add(file);
      return file;
    },
  });

  function give(list: FileList | null | undefined): void {
    for (const file of list ?? []) if (!made.has(file)) given.add(file);
  }
  const chosen = ({ target }: Event): void => {
    if (target instanceof HTMLInputElement && target.type === 'file') give(target.files);
  };
  window.addEventListener('input', chosen, true);
  window.addEventListener('change', chosen, true);
  window.addEventListener(
    'drop',
    ({ dataTransfer }) => {
      give(dataTransfer?.files);
      for (const item of dataTransfer?.items ?? []) {
        const file = item.kind === 'file' ? item.getAsFile() : null;
        if (!file || made.has(file)) continue;
        given.add(file);
        if (item.webkitGetAsEntry()?.isDirectory === true) folders.add(file);
      }
    },
    true,
  );

  async function copy(file: File, place: string): Promise<void> {
    const isFolder = folders.has(file);
    const isLarge = file.size > MOST_COPIED;
    await request(`${address}?place=${encodeURIComponent(place)}`, {
      method: 'POST',
      headers: {
        'x-host-key': key,
        'x-host-kind': isFolder ? 'folder' : isLarge ? 'size' : 'bytes',
        'x-host-size': String(file.size),
        'x-host-modified': String(file.lastModified),
      },
      ...(isFolder || isLarge ? {} : { body: file }),
    });
  }

  return {
    pathOf(file) {
      if (!(file instanceof OriginalFile)) {
        throw new TypeError("Failed to execute 'getPathForFile' on 'webUtils': parameter 1 is not of type 'File'.");
      }
      const known = paths.get(file);
      if (known !== undefined) return known;
      if (!given.has(file)) return '';
      count += 1;
      const name = file.name.replaceAll(/[\\/]/g, '_');
      const place = `${String(count)}/${name === '.' || name === '..' || name === '' ? '_' : name}`;
      const path = [folder, ...place.split('/')].join(separator);
      paths.set(file, path);
      const inText = JSON.stringify(path);
      const done = copy(file, place).finally(() => copying.delete(inText));
      // A copy that failed is a file that is not there: main finds out.
      copying.set(
        inText,
        done.catch(() => undefined),
      );
      return path;
    },
    awaited(text) {
      const own = [...copying].filter(([path]) => text.includes(path));
      return own.length > 0 ? Promise.all(own.map(([, done]) => done)) : null;
    },
  };
}
