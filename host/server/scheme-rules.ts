/**
 * What a page may ask of the application's own schemes. On the host they all lie at one origin; under Electron each
 * scheme and host is an origin of its own, and a scheme has no more than the privileges that main asked for.
 */
import { URL } from 'node:url';

/** What the browser says a request is for (`Sec-Fetch-Dest`), to the privilege that Chromium wants for it. */
const NEEDED: Readonly<Record<string, keyof Electron.Privileges>> = {
  empty: 'supportFetchAPI',
  audio: 'stream',
  video: 'stream',
  serviceworker: 'allowServiceWorkers',
};

function sameOrigin(one: string, other: string): boolean {
  const [a, b] = [new URL(one), new URL(other)];
  return a.protocol === b.protocol && a.host === b.host;
}

/** True when the page at `pageUrl` could ask for `url` under Electron; `destination` is undefined for what is no page. */
export function mayAsk(
  pageUrl: string,
  url: string,
  destination: string | undefined,
  privileges: Electron.Privileges,
): boolean {
  // A navigation is main's to allow, and is asked there.
  if (destination === undefined || destination === 'document') return true;
  const needed = NEEDED[destination];
  return sameOrigin(pageUrl, url) && (needed === undefined || privileges[needed] === true);
}
