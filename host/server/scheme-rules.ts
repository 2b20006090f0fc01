/**
 * What a page may request from the application's own schemes. On the host they all share one origin; under Electron
 * each scheme and host is a separate origin, and a scheme has only the privileges that main registered.
 */
import { URL } from 'node:url';

/** Maps a request destination (`Sec-Fetch-Dest`) to the privilege Chromium requires for it. */
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

/** True when the page at `pageUrl` could request `url` under Electron; `destination` is undefined outside of pages. */
export function mayAsk(
  pageUrl: string,
  url: string,
  destination: string | undefined,
  privileges: Electron.Privileges,
): boolean {
  // Navigations are checked by main's own guards.
  if (destination === undefined || destination === 'document') return true;
  const needed = NEEDED[destination];
  return sameOrigin(pageUrl, url) && (needed === undefined || privileges[needed] === true);
}
