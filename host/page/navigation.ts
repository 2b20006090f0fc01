/**
 * Navigation of the page, as far as a page can observe its own: any navigation that would leave the document is held
 * until main's guards have allowed it. New windows always go through main.
 */
import type { Link } from './link.ts';

/** Active for the lifetime of the document. */
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

  // Fires after the URL has changed, for same-document navigations.
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
    // Scripts cannot close a window that no script opened, so it is emptied instead.
    go('about:blank');
  });
  // As in Electron, main's own loads bypass the guards.
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
  // With three arguments, document.open is window.open.
  const open = Object.getOwnPropertyDescriptor(Document.prototype, 'open')?.value as (...args: string[]) => Document;
  fix(Document.prototype, 'open', function (this: Document, ...args: string[]) {
    return args.length > 2 ? openWindow(args[0]) : open.apply(this, args);
  });
}

/** Not configurable: a page that could restore the browser's own function would open windows without asking main. */
function fix(target: object, name: string, value: unknown): void {
  Object.defineProperty(target, name, { value, enumerable: true, writable: false, configurable: false });
}
