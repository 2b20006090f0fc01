/**
 * Navigations of the page, as far as a page can watch its own: each one that would leave the document is held, main's
 * guards are asked, and only then it goes on. New windows always go by main.
 */
import type { Link } from './link.ts';

/** Watches for the life of the document. */
export function watchNavigation(link: Link): void {
  const waiting = new Map<number, string>();
  let nextId = 1;
  let allowed: string | null = null;

  window.navigation.addEventListener('navigate', (event) => {
    const url = event.destination.url;
    const leaves = !event.hashChange && !event.destination.sameDocument && event.navigationType !== 'reload';
    if (!leaves || !event.cancelable || url === allowed) return;
    event.preventDefault();
    const id = nextId++;
    waiting.set(id, url);
    link.send({ kind: 'navigate', id, url });
  });

  // Comes once the address has changed, for what stays within the document.
  window.navigation.addEventListener('currententrychange', () => link.send({ kind: 'moved', url: location.href }));

  const go = (url: string): void => {
    allowed = new URL(url, location.href).href;
    location.assign(allowed);
  };
  link.on('allowed', (frame) => {
    const url = waiting.get(frame.id);
    waiting.delete(frame.id);
    if (url !== undefined && frame.allowed) go(url);
  });
  link.on('command', ({ command }) => {
    if (command !== 'close') return;
    window.close();
    // A window that no script opened does not close by script: nothing is left in it.
    go('about:blank');
  });
  // What main itself loads passes no guard, as with Electron.
  link.on('go', ({ url }) => go(url));

  const askForWindow = (event: MouseEvent): void => {
    const anchor = event.composedPath().find((node) => node instanceof HTMLAnchorElement);
    if (!anchor?.href || event.defaultPrevented) return;
    const elsewhere = anchor.target !== '' && anchor.target !== '_self';
    const modified = event.button === 1 || event.ctrlKey || event.metaKey || event.shiftKey;
    if (!elsewhere && !modified) return;
    event.preventDefault();
    const disposition = event.shiftKey ? 'new-window' : modified ? 'background-tab' : 'foreground-tab';
    link.send({ kind: 'open', url: anchor.href, disposition });
  };
  window.addEventListener('click', askForWindow);
  window.addEventListener('auxclick', askForWindow);

  const openWindow = (url: string | URL = 'about:blank'): null => {
    const address = new URL(url, location.href).href;
    link.send({ kind: 'open', url: address, disposition: 'foreground-tab' });
    return null;
  };
  fix(window, 'open', openWindow);
  // With three arguments it is the same by another name.
  const open = Object.getOwnPropertyDescriptor(Document.prototype, 'open')?.value as (...args: string[]) => Document;
  fix(Document.prototype, 'open', function (this: Document, ...args: string[]) {
    return args.length > 2 ? openWindow(args[0]) : open.apply(this, args);
  });
}

/** For good: a page that could put the browser's own function back would open windows past main. */
function fix(target: object, name: string, value: unknown): void {
  Object.defineProperty(target, name, { value, enumerable: true, writable: false, configurable: false });
}
