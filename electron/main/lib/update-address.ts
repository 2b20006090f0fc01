/** Which addresses updates may come from, and what may be written of them in the log. Pure. */
import { isLoopback } from './loopback.ts';

/** Bytes that a version of this program may have: several times of what it has now. */
export const LARGEST_UPDATE = 600 * 1024 * 1024;

/**
 * True if updates may be asked for at this address. Only https: the checksum of a file comes from the same place, so
 * it protects nothing by itself. Plain http only for a place on this computer.
 */
export function maySupplyUpdates(url: URL): boolean {
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url));
}

/**
 * True if updates may lead to `target`: never out of https, and to this computer only if the feed is on it as well.
 * @param isLocal the feed is on this computer.
 */
export function mayLeadTo(target: URL, isLocal: boolean): boolean {
  return maySupplyUpdates(target) && (isLocal || !isLoopback(target));
}

/** What a library logs, for our log: one line without paths and ids, and of addresses only the host. */
export function logWords(message: unknown): string {
  const [first = ''] = (message instanceof Error ? message.message : String(message)).split('\n');
  return first
    .replaceAll(/\b([a-z][a-z\d+.-]*):\/\/(?:[^\s/@"')]*@)?([^\s/?#"')]*)[^\s"')]*/gi, '$1://$2')
    .replaceAll(/(^|[\s"'(=])(?:[a-z]:\\|\\\\|\/)[^"'):,]*/gi, '$1…')
    .replaceAll(/[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/gi, '…')
    .slice(0, 200);
}
