/**
 * The page has no network access: main speaks for it. The headers say so (csp.ts) and the preload closes WebRTC
 * (close-network.ts); this file configures Chromium itself, for whatever the other two do not cover and in case one of
 * them fails. Main's own requests are made by Node and do not pass here.
 */
import { app, type WebContents } from 'electron';
import { CALL_TRIALS } from '../lib/call-trials.ts';
import type { Logger } from '../services/ports.ts';
import { onEverySession } from './every-session.ts';

/** Schemes without network traffic: what the page already holds, and the developer tools. */
const QUIET = ['data:', 'blob:', 'devtools:'];

/** True when a page at `pageUrl` may load `url`: from the page's own origin, or without network traffic. */
export function mayLoad(url: string, pageUrl: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, host } = new URL(url);
  const page = new URL(pageUrl);
  if (QUIET.includes(protocol)) return true;
  // A development server also uses a socket; the page's own scheme has none.
  const own = page.protocol === 'http:' ? ['http:', 'ws:'] : [page.protocol];
  return host === page.host && own.includes(protocol);
}

/**
 * Rules by which Chromium resolves no host, neither for a request that slipped through nor for a name that a page only
 * wants prefetched. Only a development server is resolved.
 */
export function hostRules(pageUrl: string): string {
  const page = new URL(pageUrl);
  return page.protocol === 'http:' ? `MAP * ~NOTFOUND, EXCLUDE ${page.hostname}` : 'MAP * ~NOTFOUND';
}

/** Lets the connections of a window reach the other side while there is a call, and nobody otherwise. */
export function reachInCall(contents: Pick<WebContents, 'setWebRTCIPHandlingPolicy'>, inCall: boolean): void {
  // Outside of calls the strictest policy: UDP only through a proxy, and there is none.
  contents.setWebRTCIPHandlingPolicy(inCall ? 'default' : 'disable_non_proxied_udp');
}

/** Sets calls up to connect sooner. Call before the app is ready. Whoever starts the app with this switch has the last word. */
export function quickenCalls(): void {
  if (!app.commandLine.hasSwitch('force-fieldtrials')) app.commandLine.appendSwitch('force-fieldtrials', CALL_TRIALS);
}

/** Closes the network for all sessions and web contents, present and future. Call before the app is ready. */
export function closePageNetwork(pageUrl: string, logger: Logger): void {
  app.commandLine.appendSwitch('host-resolver-rules', hostRules(pageUrl));
  app.on('web-contents-created', (_event, contents) => {
    reachInCall(contents, false);
  });
  onEverySession((of) => {
    of.webRequest.onBeforeRequest(({ url, resourceType }, decide) => {
      const cancel = !mayLoad(url, pageUrl);
      if (cancel) logger.warn('request.prevented', { type: resourceType });
      decide({ cancel });
    });
  });
}
