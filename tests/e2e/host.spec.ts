/** The stand-in keeps Electron's rules, shown on a small application. Under Electron there is nothing to show. */
import { request as httpRequest } from 'node:http';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, type Page } from '@playwright/test';
import { HostProcess } from '../../host/client.ts';
import { test, testHost, type App } from '../helpers/app.ts';

interface Sample {
  invoke(channel: string, ...args: unknown[]): Promise<unknown>;
  onPush(listener: (value: unknown) => void): () => void;
  nested: { list: [number, { deep: boolean }] };
}
declare global {
  // What the sample's preload and page put there.
  var sample: Sample;
  var found: string[];
  var heard: unknown[];
}

const appDir = join(import.meta.dirname, 'fixtures/host');

test.skip(testHost() !== 'stand-in', 'these are the rules of the stand-in');

const invoke = (page: Page, channel: string, ...args: unknown[]): Promise<unknown> =>
  page.evaluate(([name, given]) => globalThis.sample.invoke(name, ...given), [channel, args] as const);
const logOf = async (page: Page): Promise<string[]> => (await invoke(page, 'log')) as string[];

function controlOf(app: App): HostProcess {
  if (!app.control) throw new Error('no stand-in');
  return app.control;
}

test('the bridge is there before the page’s first line, frozen, with copies on both sides', async ({ launch }) => {
  const { page } = await launch({ appDir });
  expect(await page.evaluate(() => globalThis.found)).toEqual(['invoke', 'onPush', 'nested']);
  const bridge = await page.evaluate(() => ({
    frozen: Object.isFrozen(globalThis.sample) && Object.isFrozen(globalThis.sample.nested.list[1]),
    kept: Reflect.set(globalThis, 'sample', null),
    // Nothing of the runtime or of the preload's world is left lying about.
    leaks: ['require', 'module', 'process', 'StandIn', 'ipcRenderer'].filter((name) => name in globalThis),
  }));
  expect(bridge).toEqual({ frozen: true, kept: false, leaks: [] });
});

test('values cross as structured clones, and fail to as they would', async ({ launch }) => {
  const { page } = await launch({ appDir });
  const kept = await page.evaluate(async () => {
    const circle: { self?: unknown } = {};
    circle.self = circle;
    const values = { u: undefined, n: Number.NaN, z: -0, d: new Date(5), m: new Map([[1, new Set(['x'])]]), circle };
    const back = (await globalThis.sample.invoke('echo', values)) as typeof values;
    const bytes = (await globalThis.sample.invoke('echo', new Uint8Array([1, 2, 3]).buffer)) as ArrayBuffer;
    return [
      'u' in back && back.u === undefined,
      Number.isNaN(back.n),
      Object.is(back.z, -0),
      back.d.getTime() === 5,
      back.m.get(1)?.has('x'),
      back.circle.self === back.circle,
      [...new Uint8Array(bytes)].join() === '1,2,3',
    ];
  });
  expect(kept).toEqual([true, true, true, true, true, true, true]);

  const failure = (channel: string): Promise<string> =>
    page.evaluate((name) => globalThis.sample.invoke(name).then(String, (error: Error) => error.message), channel);
  expect(await failure('function')).toContain('An object could not be cloned.');
  expect(await failure('broken')).toBe("Error invoking remote method 'broken': TypeError: no good");
  expect(await failure('nobody')).toContain("No handler registered for 'nobody'");
  expect(await failure('lacking')).toContain('does not have BrowserWindow.setOpacity');
  // The bridge itself refuses it, before any promise.
  const given = await page.evaluate(() => {
    try {
      void globalThis.sample.invoke('echo', { run: Symbol('s') });
      return 'it crossed';
    } catch (error) {
      return String(error);
    }
  });
  expect(given).toContain('could not be cloned');

  await invoke(page, 'push', { at: new Date(7) });
  await expect.poll(() => page.evaluate(() => globalThis.heard.length)).toBe(1);
  expect(await page.evaluate(() => (globalThis.heard[0] as { at: Date }).at.getTime())).toBe(7);
});

test('main sees its own addresses, and answers with its own headers', async ({ launch }) => {
  const { page } = await launch({ appDir });
  expect(await invoke(page, 'sender')).toEqual({
    url: 'app://sample/index.html',
    origin: 'app://sample',
    isTop: true,
    isOurs: true,
  });
  const answer = await page.request.get(page.url());
  expect(answer.headers()['content-security-policy']).toContain("script-src 'self'");
  expect(answer.headers()['x-sample']).toBe('yes');
  expect((await page.request.get(page.url().replace('index.html', 'nothing'))).status()).toBe(404);
});

test('navigations and new windows are main’s to allow', async ({ launch }) => {
  const { page } = await launch({ appDir });
  const before = page.url();
  await page.click('#out');
  await page.click('#new');
  await page.evaluate(() => {
    window.open('https://example.org/by-script');
    location.href = 'https://example.org/by-location';
  });
  await expect
    .poll(() => logOf(page))
    .toEqual(
      expect.arrayContaining([
        'start https://example.org/',
        'will-navigate https://example.org/',
        'open https://example.org/new',
        'open https://example.org/by-script',
        'will-navigate https://example.org/by-location',
      ]),
    );
  expect(page.url()).toBe(before);
  await page.click('#same');
  expect(page.url()).toBe(`${before}#/place`);
  expect(await invoke(page, 'sender')).toMatchObject({ url: 'app://sample/index.html#/place' });
  const arrived = async (): Promise<string[]> => (await logOf(page)).filter((line) => line.startsWith('arrived'));
  expect(await arrived()).toEqual(['arrived app://sample/index.html']);
  await page.reload();
  await expect.poll(arrived).toEqual(['arrived app://sample/index.html', 'arrived app://sample/index.html#/place']);
});

test('what a person would see outside the page is kept and can be clicked', async ({ launch }) => {
  const app = await launch({ appDir });
  const { page } = app;
  const control = controlOf(app);
  const item = async (what: string) => {
    await expect
      .poll(async () => (await control.call('state', null)).outside.some((one) => one.what === what))
      .toBe(true);
    const found = (await control.call('state', null)).outside.find((one) => one.what === what);
    if (!found) throw new Error(`no ${what}`);
    return found;
  };
  await invoke(page, 'notify');
  const notification = await item('notification');
  expect(notification).toMatchObject({ title: 'From Anna', text: 'Hello' });
  expect(await control.call('act', { id: notification.id, action: 'click' })).toBe(true);
  expect(await control.call('act', { id: notification.id, action: 'click' })).toBe(false);

  const asking = invoke(page, 'ask');
  const dialog = await item('dialog');
  await control.call('act', { id: dialog.id, action: 'button:1' });
  await asking;

  const tray = await item('tray');
  const say = tray.choices.find(({ label }) => label === 'Say it');
  await control.call('act', { id: tray.id, action: say?.action ?? '' });
  await control.call('power', 'resume');
  await control.call('focus', { windowId: 1, focused: false });
  expect(await logOf(page)).toEqual(
    expect.arrayContaining(['notification clicked', 'answered 1', 'said', 'resume', 'blur']),
  );
});

test('permissions are main’s to give', async ({ launch }) => {
  const control = controlOf(await launch({ appDir }));
  const ask = (permission: string, mediaTypes: ('audio' | 'video')[] = []) =>
    control.call('permission', { windowId: 1, permission, mediaTypes });
  expect(await ask('media', ['audio'])).toBe(true);
  expect(await ask('notifications')).toBe(false);
  expect(await ask('geolocation')).toBe(false);
  expect(await ask('display-capture')).toBe(false);
  expect(await control.call('device', { windowId: 1, deviceType: 'usb' })).toBe(false);
});

test('a second start tells the first one and ends', async ({ launch }) => {
  const app = await launch({ appDir });
  const env = { ...process.env, RELAY_USER_DATA: app.userDataDir };
  const second = new HostProcess({ appDir, screen: 'parent', env, argv: ['relay-argument'] });
  expect(await second.exited).toBe(0);
  await expect.poll(() => logOf(app.page)).toContain('second relay-argument');
});

test('a window may refuse to close, and the end asks it', async ({ launch }) => {
  const app = await launch({ appDir });
  const control = controlOf(app);
  await invoke(app.page, 'keepOpen', true);
  await control.call('close', { windowId: 1 });
  await control.call('quit', null);
  expect(await logOf(app.page)).toEqual(expect.arrayContaining(['stayed open']));
  expect((await control.call('state', null)).windows).toHaveLength(1);
  await invoke(app.page, 'keepOpen', false);
  await control.call('close', { windowId: 1 });
  expect(await control.exited).toBe(0);
});

test('nobody else gets in', async ({ launch }) => {
  const { page } = await launch({ appDir });
  const { port, pathname } = new URL(page.url());
  const [cookie] = await page.context().cookies();
  const ticket = `${cookie?.name ?? ''}=${cookie?.value ?? ''}`;
  const status = (headers: Record<string, string>, path = pathname): Promise<number | undefined> =>
    new Promise((resolve, reject) => {
      const request = httpRequest({ host: '127.0.0.1', port, path, headers }, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      });
      request.on('error', reject).end();
    });
  const host = `127.0.0.1:${port}`;
  expect(await status({ host, cookie: ticket })).toBe(200);
  expect(await status({ host })).toBe(403);
  expect(await status({ host, cookie: `${cookie?.name ?? ''}=guess` })).toBe(403);
  expect(await status({ host: `localhost:${port}`, cookie: ticket })).toBe(403);
  expect(await status({ host: `evil.test:${port}`, cookie: ticket })).toBe(403);
  expect(await status({ host, cookie: ticket, origin: 'http://evil.test' })).toBe(403);
  expect(await status({ host }, '/open/guess')).toBe(403);
  expect(await status({ host, cookie: ticket }, '/w/9/app/sample/index.html')).toBe(404);
  const upgrade = { connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-version': '13' };
  const key = { 'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==' };
  expect(await status({ host, cookie: ticket, ...upgrade, ...key }, '/w/1/__host/link')).toBe(403);
  expect(await status({ host, origin: `http://${host}`, ...upgrade, ...key }, '/w/1/__host/link')).toBe(403);
});

test('the page reaches nothing of the host but its own link, once', async ({ launch }) => {
  const app = await launch({ appDir, expectedProblems: [/WebSocket|status of 40/] });
  const { page } = app;
  const asking = invoke(page, 'ask');
  const control = controlOf(app);
  await expect
    .poll(async () => (await control.call('state', null)).outside.some(({ what }) => what === 'dialog'))
    .toBe(true);
  const { outside } = await control.call('state', null);
  const dialog = outside.find(({ what }) => what === 'dialog')?.id ?? '';

  const reached = await page.evaluate(async (id) => {
    const status = (path: string, init?: RequestInit): Promise<number | string> =>
      fetch(path, init).then(
        (answer) => answer.status,
        () => 'failed',
      );
    const opens = (path: string): Promise<boolean> =>
      new Promise((resolve) => {
        const socket = new WebSocket(`ws://${location.host}${path}`);
        socket.onopen = () => resolve(true);
        socket.onerror = () => resolve(false);
      });
    const boot = document.querySelector<HTMLScriptElement>('script[src*="__host"]')?.getAttribute('src') ?? '';
    const key = /boot\.(.+)\.js/.exec(boot)?.[1] ?? '';
    return {
      hasKey: key !== '',
      strip: await status(`/outside?id=${id}&action=button%3A0`, { method: 'POST' }),
      boot: await status(boot),
      again: await opens(`/w/1/__host/link.${key}`),
      guessed: await opens('/w/1/__host/link'),
      otherHost: await status('/w/1/app/other/index.html'),
      otherScheme: await status('/w/1/media/sample/index.html'),
      // The sample did not ask for the fetch API.
      own: await status('./page.js'),
      // Read by a script, a document has no key in it.
      asText: await (await fetch(location.href).catch(() => new Response('failed'))).text(),
    };
  }, dialog);
  const { asText, ...rest } = reached;
  expect(rest).toEqual({
    hasKey: true,
    strip: 404,
    boot: 404,
    again: false,
    guessed: false,
    otherHost: 404,
    otherScheme: 404,
    own: 404,
  });
  expect(asText).not.toContain('__host');
  expect((await control.call('state', null)).outside.some(({ id }) => id === dialog)).toBe(true);
  await control.call('act', { id: dialog, action: 'button:0' });
  await asking;
});

test('the application ends when whoever started it is gone', async () => {
  const userData = await mkdtemp(join(tmpdir(), 'relay-orphan-'));
  const host = new HostProcess({ appDir, screen: 'parent', env: { ...process.env, RELAY_USER_DATA: userData } });
  await host.firstWindow();
  host.child.disconnect();
  expect(await host.exited).toBe(0);
  await rm(userData, { recursive: true });
});
