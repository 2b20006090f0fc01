/**
 * The page has no network of its own: main speaks for it. The headers say so (csp.ts) and the preload takes WebRTC away
 * (close-network.ts); here Chromium itself is told, for what neither of them knows and for the day one of them fails.
 * Main's own requests are Node's and do not come by here.
 */
import { app } from 'electron';
import type { Logger } from '../services/ports.ts';
import { onEverySession } from './every-session.ts';

/** Schemes whose requests reach nobody: what the page already holds, and the developer tools. */
const QUIET = ['data:', 'blob:', 'devtools:'];

/** True when a page at `pageUrl` may ask for `url`: the page's own place and nothing else. */
export function mayLoad(url: string, pageUrl: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, host } = new URL(url);
  const page = new URL(pageUrl);
  if (QUIET.includes(protocol)) return true;
  // A development server also talks over a socket; the page's own scheme has none.
  const own = page.protocol === 'http:' ? ['http:', 'ws:'] : [page.protocol];
  return host === page.host && own.includes(protocol);
}

/**
 * Rules by which Chromium finds no host, neither for a request that slipped through nor for a name that a page only
 * wants looked up in advance. A development server is the one that is found.
 */
export function hostRules(pageUrl: string): string {
  const page = new URL(pageUrl);
  return page.protocol === 'http:' ? `MAP * ~NOTFOUND, EXCLUDE ${page.hostname}` : 'MAP * ~NOTFOUND';
}

/** Closes it for every session and every contents that will ever be made. Before the app is ready. */
export function closePageNetwork(pageUrl: string, logger: Logger): void {
  app.commandLine.appendSwitch('host-resolver-rules', hostRules(pageUrl));
  app.on('web-contents-created', (_event, contents) => {
    // The least there is: UDP only through a proxy, and there is none.
    contents.setWebRTCIPHandlingPolicy('disable_non_proxied_udp');
  });
  onEverySession((of) => {
    of.webRequest.onBeforeRequest(({ url, resourceType }, decide) => {
      const cancel = !mayLoad(url, pageUrl);
      if (cancel) logger.warn('request.prevented', { type: resourceType });
      decide({ cancel });
    });
  });
}
