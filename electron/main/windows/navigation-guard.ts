import { app, type WebContents } from 'electron';
import type { OpenExternal } from '../lib/external.ts';
import type { Logger } from '../services/ports.ts';

/** True when `url` is the page itself, whatever its fragment or query: a reload requested by the page. */
export function isSamePage(url: string, pageUrl: string): boolean {
  if (!URL.canParse(url)) return false;
  const asked = new URL(url);
  const page = new URL(pageUrl);
  return asked.protocol === page.protocol && asked.host === page.host && asked.pathname === page.pathname;
}

function guard(contents: WebContents, pageUrl: string, openExternal: OpenExternal, logger: Logger): void {
  contents.on('will-navigate', (details) => {
    if (details.isMainFrame && isSamePage(details.url, pageUrl)) return;
    logger.warn('navigation.prevented', { how: 'will-navigate' });
    details.preventDefault();
  });
  contents.on('will-frame-navigate', (details) => {
    if (details.isMainFrame && isSamePage(details.url, pageUrl)) return;
    logger.warn('navigation.prevented', { how: 'will-frame-navigate' });
    details.preventDefault();
  });
  contents.on('will-redirect', (details) => {
    logger.warn('navigation.prevented', { how: 'will-redirect' });
    details.preventDefault();
  });
  contents.on('will-attach-webview', (event) => {
    logger.warn('navigation.prevented', { how: 'will-attach-webview' });
    event.preventDefault();
  });
  contents.setWindowOpenHandler(({ url }) => {
    void openExternal(url);
    return { action: 'deny' };
  });
}

/** Keeps all web contents, present and future, on our page; links open outside. */
export function guardNavigation(pageUrl: string, openExternal: OpenExternal, logger: Logger): void {
  app.on('web-contents-created', (_event, contents) => guard(contents, pageUrl, openExternal, logger));
}
