/**
 * Checks the host name a request uses and the page it comes from.
 *
 * Any web page can point its own host name at 127.0.0.1 and is then same-origin with the node (DNS rebinding). Its
 * requests are recognizable by the name in `Host`, and by the `Origin` that browsers add to anything that changes
 * state. Clients that are not browsers send no `Origin`, and the node serves no pages; so a request with an `Origin` is
 * allowed only if that is one of the node's own names.
 */
import { isIP } from 'node:net';
import type { IncomingMessage } from 'node:http';
import { RelayError } from '../errors.ts';
import { isLoopback } from './address.ts';

export interface DoorOptions {
  /** Listening on loopback only: any foreign name that reaches the node is then a trick. */
  loopback: boolean;
  /** Additional names of this node, lower case, without ports. */
  allowedHosts: readonly string[];
}

/** Null when the request is allowed. */
export type Door = (request: Pick<IncomingMessage, 'headers' | 'headersDistinct'>) => RelayError | null;

const AUTHORITY = /^(\[[0-9a-f:.]+\]|[^\s:@/?#\\[\]]+)(?::\d{1,5})?$/i;

/** The host part of `host:port`, lower case, without brackets; null when invalid. */
function nameOf(authority: string): string | null {
  const name = AUTHORITY.exec(authority)?.[1];
  return name === undefined ? null : name.toLowerCase().replace(/^\[|\]$|\.$/g, '');
}

export function createDoor({ loopback, allowedHosts }: DoorOptions): Door {
  /** True for this node's own names. Beyond loopback that includes IP addresses, which cannot be pointed elsewhere. */
  function isOwn(name: string): boolean {
    return allowedHosts.includes(name) || isLoopback(name) || (!loopback && isIP(name) !== 0);
  }
  /** Beyond loopback any name is accepted until some are listed. */
  const anyName = !loopback && allowedHosts.length === 0;

  return ({ headers, headersDistinct }) => {
    // With two hosts, a proxy in front may disagree about which one counts.
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
