import { describe, expect, it } from 'vitest';
import type { HostBrowserWindow } from '../../../host/modules/browser-window.ts';
import { addressIn, createStandIn, openPage } from '../../helpers/stand-in.ts';

/** A window with the names of its events in order, and the host's part of it. */
function openWindow(options: Electron.BrowserWindowConstructorOptions = { show: false }) {
  const { modules, parts, runtime } = createStandIn();
  const window = new modules.BrowserWindow(options);
  const part = [...parts.windows][0] as HostBrowserWindow;
  const events: string[] = [];
  for (const name of ['show', 'focus', 'maximize', 'ready-to-show', 'closed'] as const) {
    window.on(name as 'show', () => events.push(name));
  }
  const { webContents } = window;
  for (const name of ['did-start-navigation', 'will-navigate', 'will-frame-navigate', 'did-navigate'] as const) {
    webContents.on(name as 'will-navigate', (details) => {
      events.push(name);
      if (name === 'will-navigate' && details.url.startsWith('https:')) details.preventDefault();
    });
  }
  void window.loadURL('app://sample/index.html');
  return { window, contents: part.contents, events, modules, runtime };
}

describe('a window', () => {
  it('is maximized in the person’s sight but without the focus, and is not ready to be shown then', () => {
    const { window, contents, events } = openWindow();
    window.maximize();
    expect(window.isVisible()).toBe(true);
    openPage(contents).load(true);
    expect(window.isFocused()).toBe(false);
    expect(events).toEqual(['did-start-navigation', 'show', 'maximize', 'did-navigate']);
    window.focus();
    expect(window.isFocused()).toBe(true);
    expect(events.at(-1)).toBe('focus');
  });

  it('is ready to be shown when its page has loaded and nobody sees it; focused once it is shown', () => {
    const { window, contents, events } = openWindow();
    openPage(contents).load(true);
    expect(events).toEqual(['did-start-navigation', 'did-navigate', 'ready-to-show']);
    expect(window.isFocused()).toBe(false);
    window.focus();
    expect(window.isVisible()).toBe(false);
    window.show();
    expect(window.isFocused()).toBe(true);
  });

  it('that is shown without the focus gets it when the person comes', () => {
    const { window, contents } = openWindow();
    const page = openPage(contents);
    page.load(true);
    window.showInactive();
    expect(window.isFocused()).toBe(false);
    page.say({ kind: 'focus', focused: false, visible: true });
    page.say({ kind: 'focus', focused: true, visible: true });
    expect(window.isFocused()).toBe(true);
  });

  it('that was minimized is not brought back by the focus alone', () => {
    const { window } = openWindow({ show: true });
    window.minimize();
    window.focus();
    expect(window.isMinimized()).toBe(true);
    window.restore();
    expect(window.isMinimized()).toBe(false);
  });

  it('throws at every touch once it is destroyed, and its contents too', () => {
    const { window, contents, events, modules } = openWindow();
    const { webContents } = window;
    let atClosed: unknown = null;
    window.once('closed', () => {
      try {
        window.getBounds();
      } catch (error) {
        atClosed = error;
      }
    });
    const show = window.show.bind(window);
    openPage(contents);
    window.destroy();
    expect(events.at(-1)).toBe('closed');
    expect(atClosed).toEqual(new TypeError('Object has been destroyed'));
    expect([window.isDestroyed(), webContents.isDestroyed()]).toEqual([true, true]);
    const touches: (() => unknown)[] = [
      () => window.webContents,
      () => window.id,
      () => window.show(),
      () => show(),
      () => window.destroy(),
      () => window.loadURL('app://sample/index.html'),
      () => webContents.id,
      () => webContents.getURL(),
      () => webContents.send('push', 1),
    ];
    for (const touch of touches) expect(touch, String(touch)).toThrow(new TypeError('Object has been destroyed'));
    expect(() => window.removeAllListeners().once('closed', () => undefined)).not.toThrow();
    expect(modules.BrowserWindow.getAllWindows()).toEqual([]);
  });
});

describe('navigations', () => {
  it('start before they are prevented, and one that was prevented never arrives', () => {
    const { contents, events } = openWindow();
    const page = openPage(contents);
    page.load();
    events.length = 0;
    page.say({ kind: 'navigate', id: 1, url: 'https://example.org/' });
    expect(events).toEqual(['did-start-navigation', 'will-navigate']);
    expect(page.heard.at(-1)).toEqual({ kind: 'allowed', id: 1, allowed: false });
    // One that goes on is told of once: at its start, not again when the browser asks for the document.
    events.length = 0;
    page.say({ kind: 'navigate', id: 2, url: addressIn(contents, 'index.html?again') });
    openPage(contents);
    expect(events).toEqual(['did-start-navigation', 'will-navigate', 'will-frame-navigate', 'did-navigate']);
  });

  it('within a document start too, and never reach another origin', () => {
    const { contents, events, window } = openWindow();
    const page = openPage(contents);
    page.load();
    events.length = 0;
    page.say({ kind: 'moved', url: `${addressIn(contents)}#/place` });
    expect(events).toEqual(['did-start-navigation']);
    expect(window.webContents.getURL()).toBe('app://sample/index.html#/place');
    page.say({ kind: 'moved', url: 'app://other/index.html' });
    expect(page.isOpen()).toBe(false);
    expect(window.webContents.getURL()).toBe('app://sample/index.html#/place');
  });
});

describe('a page that is not ours', () => {
  it.each([
    'not json',
    '{"kind":"outside","act":{"id":"dialog-1","action":"button:0"}}',
    '{"kind":"invoke","id":1,"channel":"x","args":"X"}',
    '{"kind":"send","channel":"x","args":"T[]"}',
    '{"kind":"send","channel":"x","args":"J{}"}',
    '{"kind":"navigate","id":1,"url":"no address"}',
  ])('loses its link and harms nobody: %s', (text) => {
    const { contents } = openWindow();
    const page = openPage(contents);
    page.sayText(text);
    expect(page.isOpen()).toBe(false);
  });
});

describe('the frame of a message', () => {
  it('throws when its document is gone, and is null for who asks late', async () => {
    const { contents, modules, window } = openWindow();
    const page = openPage(contents);
    const frame = window.webContents.mainFrame;
    expect([frame.url, frame.origin]).toEqual(['app://sample/index.html', 'app://sample']);
    const late = Promise.withResolvers<void>();
    const seen: unknown[] = [];
    modules.ipcMain.handle('late', async (event) => {
      seen.push(event.senderFrame?.origin);
      await late.promise;
      seen.push(event.senderFrame);
    });
    page.say({ kind: 'invoke', id: 1, channel: 'late', args: 'J[]' });
    openPage(contents);
    late.resolve();
    await late.promise;
    expect(seen).toEqual(['app://sample', null]);
    expect(() => frame.url).toThrow('Render frame was disposed');
    expect([frame.isDestroyed(), frame.detached]).toEqual([true, true]);
  });
});

describe('schemes of the application', () => {
  it('have an origin only as standard ones', () => {
    const { modules, parts, runtime } = createStandIn({}, false);
    modules.protocol.registerSchemesAsPrivileged([{ scheme: 'plain', privileges: { secure: true } }]);
    parts.app.becomeReady(parts.session.whole);
    expect(runtime.originOf('plain://sample/index.html')).toBe('null');
    expect(runtime.originOf('app://sample/index.html')).toBe('null');
  });

  it('get their privileges once, before the application is ready, and their handlers after', () => {
    const { modules, parts } = createStandIn({}, false);
    const privileged = [{ scheme: 'app', privileges: { standard: true } }];
    expect(() => modules.protocol.handle('app', () => new Response())).toThrow('when app is ready');
    modules.protocol.registerSchemesAsPrivileged(privileged);
    expect(() => modules.protocol.registerSchemesAsPrivileged(privileged)).toThrow('only once');
    parts.app.becomeReady(parts.session.whole);
    expect(() => modules.protocol.registerSchemesAsPrivileged(privileged)).toThrow('before app is ready');
    expect(() => modules.app.commandLine.appendSwitch('late')).toThrow('too late');
  });

  it('are named to the permission check with a path, so that an exact origin equals none', async () => {
    const { modules, parts } = createStandIn();
    new modules.BrowserWindow();
    const [window] = parts.windows;
    if (!window) throw new Error('no window');
    void window.loadURL('app://sample/index.html');
    const origins: string[] = [];
    modules.session.defaultSession.setPermissionCheckHandler((_contents, _permission, origin) => {
      origins.push(origin);
      return origin === 'app://sample';
    });
    expect(await parts.session.permit(window.contents, 'notifications', [])).toBe(false);
    expect(origins).toEqual(['app://sample/']);
  });
});
