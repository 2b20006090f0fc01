/** Files as the API shows them. Whoever sees a message sees these of its files. */
import type { File } from '#contract/api/file.ts';
import type { FileRow } from '../records.ts';

/** Where a file is read: a path on the node. */
export function fileUrl(id: string): string {
  return `/api/files/${id}`;
}

/**
 * The file that a path names: as `fileUrl` writes it, or its thumbnail. Null for a path that cannot name a file;
 * `undefined` for an address of something else.
 */
export function fileIdOf(url: string): string | null | undefined {
  if (!url.startsWith(fileUrl(''))) return undefined;
  return /^([A-Za-z0-9_-]{1,64})(?:\?variant=thumb)?$/.exec(url.slice(fileUrl('').length))?.[1] ?? null;
}

/** @param extended whether the node offers `files`; without it only the published fields are shown. */
export function fileView(row: FileRow, extended: boolean): File {
  return {
    id: row.id,
    name: row.name,
    mimeType: row.mimeType,
    size: row.size,
    url: fileUrl(row.id),
    createdAt: new Date(row.createdAt).toISOString(),
    ...(row.width === null || row.height === null ? {} : { width: row.width, height: row.height }),
    ...(row.duration === null ? {} : { duration: row.duration }),
    ...(extended && row.thumbhash !== null ? { thumbhash: row.thumbhash } : {}),
    ...(extended && row.peaks !== null ? { peaks: row.peaks } : {}),
    ...(extended && row.variants.length > 0 ? { variants: row.variants } : {}),
  };
}
