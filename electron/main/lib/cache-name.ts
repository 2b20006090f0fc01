/** What a file of the server is called in the cache of media. Pure. */
import { createHash } from 'node:crypto';

/** The key of a file, or of another form of it. */
export function mediaKey(id: string, variant: string | null): string {
  return `${variant ?? 'file'} ${id}`;
}

/** The name of its file on the disk, inside the folder of its account: it reveals neither the file nor its id. */
export function cacheName(tag: string, key: string): string {
  return createHash('sha256').update(`${tag}\n${key}`).digest('hex').slice(0, 40);
}
