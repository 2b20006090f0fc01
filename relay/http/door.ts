/**
 * Under which name the node may be called, and by which pages.
 *
 * A page on the web can point a name of its own at 127.0.0.1 and then counts as of the node's origin. What tells it from a
 * client is the name it asked for, in `Host`, and that a browser adds `Origin` to whatever changes something. Clients that
 * are no browsers send none, and the node serves no pages; so a page is let in only where it came from the node's own name.
 */
import { isIP } from 'node:net';
import type { IncomingMessage } from 'node:http';
import { RelayError } from '../errors.ts';
import { isLoopback } from './address.ts';

export interface DoorOptions {
  /** Listening on the loopback interface alone: then other names than its own lead here by a trick only. */
  loopback: boolean;
  /** Further names of this node, lower case, without ports. */
  allowedHosts: readonly string[];
}

/** Null when the request may go on. */
export type Door = (request: Pick<IncomingMessage, 'headers' | 'headersDistinct'>) => RelayError | null;

const AUTHORITY = /^(\[[0-9a-f:.]+\]|[^\s:@/?#\\[\]]+)(?::\d{1,5})?$/i;

/** The name of `name:port`, lower case, without brackets; null when it is none. */
function nameOf(authority: string): string | null {
  const name = AUTHORITY.exec(authority)?.[1];
  return name === undefined ? null : name.toLowerCase().replace(/^\[|\]$|\.$/g, '');
}

export function createDoor({ loopback, allowedHosts }: DoorOptions): Door {
  /** A name of this node's own. An address stands for itself: nobody can make it lead elsewhere. */
  function isOwn(name: string): boolean {
    return allowedHosts.includes(name) || isLoopback(name) || (!loopback && isIP(name) !== 0);
  }
  /** Beyond the loopback interface any name will do, unless they were listed. */
  const anyName = !loopback && allowedHosts.length === 0;

  return ({ headers, headersDistinct }) => {
    // Which of two hosts is meant is a question that a proxy in front may answer differently.
    if ((headersDistinct.host ?? []).length > 1) return new RelayError('bad_request', 'The request names two hosts.');
    const host = headers.host ?? '';
    const name = nameOf(host);
    if (!anyName && (name === null || !isOwn(name))) {
      return new RelayError('wrong_host', 'This node is not reached under that name (see RELAY_ALLOWED_HOSTS).');
    }
    const { origin } = headers;
    if (origin === undefined) return null;
    const from = /^https?:\/\/([^/]+)$/.exec(origin)?.[1];
    const page = from === undefined ? null : nameOf(from);
    const isOurs =
      page !== null && (allowedHosts.includes(page) || (isOwn(page) && from?.toLowerCase() === host.toLowerCase()));
    return isOurs ? null : new RelayError('forbidden', 'Pages of another origin may not call this node.');
  };
}
