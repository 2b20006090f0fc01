import { describe, expect, it } from 'vitest';
import { originOf, ownPath, readTarget, toAppUrl, toPath } from '../../../host/server/address.ts';

const BASE = 'http://127.0.0.1:4000';

describe('addresses of the application on the host', () => {
  it.each([
    ['app://relay/index.html', '/w/1/app/relay/index.html'],
    ['app://relay/index.html?plain=1#/chats/7', '/w/1/app/relay/index.html?plain=1#/chats/7'],
    ['relay-media://track/abc', '/w/1/relay-media/track/abc'],
    ['http://127.0.0.1:5173/#/x', '/#/x'],
  ])('%s is at %s', (url, path) => {
    expect(toPath(1, url)).toBe(path);
  });

  it.each([
    ['/w/1/app/relay/index.html', 'app://relay/index.html'],
    ['/w/12/app/relay/a/b.js?x=1', 'app://relay/a/b.js?x=1'],
    ['/w/1/app/relay', 'app://relay'],
    ['/w/1/app/relay/%2e%2e/%2e%2e/etc/passwd', 'app://relay/%2e%2e/%2e%2e/etc/passwd'],
  ])('%s asks for %s', (path, url) => {
    expect(readTarget(path)).toMatchObject({ kind: 'document', url });
  });

  it.each(['/', '/w/', '/w/x/app/relay/', '/w/1/APP/relay/', '/w/1/__host/../secret', '/open/', '/open/a b'])(
    '%s names nothing of ours',
    (path) => {
      expect(readTarget(path).kind).toBe('other');
    },
  );

  it('finds the host’s own things of a window', () => {
    expect(readTarget(ownPath(3, 'boot.js'))).toEqual({ kind: 'own', windowId: 3, name: 'boot.js' });
  });

  it.each([
    [`${BASE}/w/1/app/relay/index.html#/chats`, null, 'app://relay/index.html#/chats'],
    [`${BASE}/#/chats`, 'http://127.0.0.1:5173', 'http://127.0.0.1:5173/#/chats'],
    ['https://example.org/', null, 'https://example.org/'],
    [`${BASE}0/w/1/app/relay/index.html`, null, `${BASE}0/w/1/app/relay/index.html`],
  ])('the page at %s is at %s for main', (url, dev, expected) => {
    expect(toAppUrl(BASE, dev, url)).toBe(expected);
  });

  it('tells origins as Electron does', () => {
    expect(originOf('app://relay/index.html#x', (scheme) => scheme === 'app')).toBe('app://relay');
    expect(originOf('http://127.0.0.1:5173/x', () => false)).toBe('http://127.0.0.1:5173');
  });
});
