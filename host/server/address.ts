/**
 * Maps the application's URLs to the stand-in's: `app://relay/index.html` of window 1 is `/w/1/app/relay/index.html`. A
 * page from a development server keeps its path at the root, since such a server uses absolute paths.
 */

/** What a path on the host refers to. */
export type Target =
  | { kind: 'document'; windowId: number; url: string }
  | { kind: 'own'; windowId: number; name: string }
  | { kind: 'ticket'; ticket: string }
  | { kind: 'other' };

const OWN = '__host';

/** Parses a path with its query. Never throws: anything unknown is `other`. */
export function readTarget(pathAndQuery: string): Target {
  const own = /^\/w\/(\d{1,9})\/__host\/([\w.-]{1,40})(?:\?.*)?$/.exec(pathAndQuery);
  if (own) return { kind: 'own', windowId: Number(own[1]), name: own[2] ?? '' };
  const document = /^\/w\/(\d{1,9})\/([a-z][a-z0-9+-]{0,40})\/([^/?]*)(\/.*|\?.*)?$/.exec(pathAndQuery);
  if (document) {
    return {
      kind: 'document',
      windowId: Number(document[1]),
      url: `${document[2]}://${document[3]}${document[4] ?? ''}`,
    };
  }
  const ticket = /^\/open\/([\w-]{1,100})$/.exec(pathAndQuery);
  if (ticket) return { kind: 'ticket', ticket: ticket[1] ?? '' };
  return { kind: 'other' };
}

/** The path of a host resource for a window. */
export function ownPath(windowId: number, name: string): string {
  return `/w/${windowId}/${OWN}/${name}`;
}

/** The application's URL as a path on the host, with its query and fragment. */
export function toPath(windowId: number, url: string): string {
  const parsed = new URL(url);
  if (isHttp(parsed)) return `${parsed.pathname}${parsed.search}${parsed.hash}`;
  return `/w/${windowId}/${parsed.protocol.slice(0, -1)}/${parsed.host}${parsed.pathname}${parsed.search}${parsed.hash}`;
}

/** Maps a URL on the host back to the application's; any other URL is returned unchanged. */
export function toAppUrl(base: string, devOrigin: string | null, url: string): string {
  if (!url.startsWith(`${base}/`)) return url;
  const path = url.slice(base.length);
  const [beforeHash = '', ...rest] = path.split('#');
  const target = readTarget(beforeHash);
  const hash = rest.length > 0 ? `#${rest.join('#')}` : '';
  if (target.kind === 'document') return target.url + hash;
  return devOrigin === null ? url : devOrigin + path;
}

/**
 * The origin as in Chromium: scheme and host for a custom scheme registered as standard, `null` for other custom
 * schemes, since their URLs have no host.
 */
export function originOf(url: string, isStandard: (scheme: string) => boolean): string {
  if (!URL.canParse(url)) return 'null';
  const parsed = new URL(url);
  if (isHttp(parsed)) return parsed.origin;
  return isStandard(parsed.protocol.slice(0, -1)) ? `${parsed.protocol}//${parsed.host}` : 'null';
}

export function isHttp(url: URL): boolean {
  return url.protocol === 'http:' || url.protocol === 'https:';
}
