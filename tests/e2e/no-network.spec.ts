/** A page that somebody else's script has got into reaches nobody: each way is tried against a listener that would hear it. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { ROOT } from '../../scripts/lib/paths.ts';
import { test } from '../helpers/app.ts';

declare global {
  /** The paths of what the page's policy has stopped. */
  var stopped: Set<string>;
}

/** Hears whoever connects or sends to its port. */
async function listen(): Promise<{ port: number; heard: string[]; close(): void }> {
  const heard: string[] = [];
  const tcp = createServer((socket) => {
    heard.push('a connection');
    socket.on('error', () => socket.destroy()).on('data', (data) => heard.push(data.toString('latin1').slice(0, 80)));
  });
  tcp.listen(0, '127.0.0.1');
  await once(tcp, 'listening');
  const { port } = tcp.address() as AddressInfo;
  const udp = createSocket('udp4');
  udp.on('message', () => heard.push('a datagram'));
  udp.bind(port, '127.0.0.1');
  await once(udp, 'listening');
  return {
    port,
    heard,
    close() {
      tcp.close();
      udp.close();
    },
  };
}

test('there is no WebRTC outside of a call, and no fresh window has it', async ({ launch }) => {
  const app = await launch({
    server: 'http://127.0.0.1:1',
    expectedProblems: [/content security policy|TrustedHTML|Trusted Type/i],
  });
  // All of the page has arrived: what the application takes with it when it ends is no problem of the page.
  await expect(app.page.locator('form')).toBeVisible();
  const found = await app.page.evaluate(async () => {
    const XHTML = 'http://www.w3.org/1999/xhtml';
    const { RTCPeerConnection } = window;
    const names = (of: object): string[] => Object.getOwnPropertyNames(of).filter((name) => /^(webkit)?RTC/.test(name));
    /** Something of it that is there and does not refuse. */
    const has = (of: object): boolean =>
      names(of).some((name) => {
        const found: unknown = Reflect.get(of, name);
        if (typeof found !== 'function') return false;
        try {
          return Reflect.construct(found, []) !== null;
        } catch (error) {
          return !(error instanceof DOMException && error.name === 'NotSupportedError');
        }
      });
    /** A frame that was made all the same, put into the page: its window. */
    const put = (frame: unknown): object => {
      document.body.append(frame as Node);
      return (frame as HTMLIFrameElement).contentWindow ?? window[0] ?? {};
    };
    const define = (name: string, options?: ElementDefinitionOptions): CustomElementConstructor => {
      const Made = class extends HTMLIFrameElement {};
      customElements.define(name, Made, options);
      return Made;
    };
    let turn = 0;
    const twoFaced = { toString: () => (turn++ === 0 ? 'div' : 'iframe') };
    const ways: Record<string, () => object | Promise<object>> = {
      'as it is': () => window,
      'a deleted mark': () => (Reflect.deleteProperty(window, 'RTCPeerConnection'), window),
      'a new mark': () => Object.defineProperty(window, 'RTCPeerConnection', { value: 1 }),
      'another name': () => ({ RTCPeerConnection: RTCPeerConnection.prototype.constructor }),
      'a class that extends it': () => ({ RTCPeerConnection: class extends RTCPeerConnection {} }),
      'an empty frame': () => put(document.createElement('iframe')),
      'a name of two faces': () => put(document.createElement(twoFaced as unknown as string)),
      'a frame by its namespace': () => put(document.createElementNS(XHTML, 'x:iframe')),
      'an old frame': () => put(document.createElement('FRAME')),
      'an object': () => put(document.createElement('object')),
      'a frame of another document': () => put(document.implementation.createHTMLDocument().createElement('iframe')),
      'a document that is a frame': () => put(document.implementation.createDocument(XHTML, 'iframe').documentElement),
      'an element that is a frame': () => put(new (define('x-frame', { extends: 'iframe' }))()),
      'an element that claims to be none': () => put(new (define('x-other'))()),
      markup: () => (document.body.insertAdjacentHTML('beforeend', '<iframe></iframe>'), window[0] ?? {}),
      'a parsed document': () =>
        put(new DOMParser().parseFromString('<iframe></iframe>', 'text/html').querySelector('iframe')),
      'cleaned markup': () => {
        const box = document.createElement('div') as HTMLElement & { setHTML?(text: string, how: object): void };
        box.setHTML?.('<iframe></iframe>', { sanitizer: { elements: ['iframe'] } });
        document.body.append(box);
        return window[0] ?? {};
      },
      'a style sheet that makes elements': () => new XSLTProcessor(),
      'a window': () => window.open('about:blank') ?? {},
      'a window by the document': () => document.open('about:blank', '_blank', '') ?? {},
      'a window in a picture': () =>
        (
          window as unknown as { documentPictureInPicture: { requestWindow(): Promise<object> } }
        ).documentPictureInPicture.requestWindow(),
      'functions of before': () => {
        Reflect.deleteProperty(Document.prototype, 'createElement');
        Reflect.set(Document.prototype, 'createElement', Reflect.get(Document.prototype, 'createElementNS'));
        return put(document.createElement('iframe'));
      },
    };
    const got: string[] = [];
    const tried: string[] = [];
    for (const [name, way] of Object.entries(ways)) {
      tried.push(name);
      try {
        if (has(await way())) got.push(name);
      } catch (error) {
        // Refused, which is what is asked for; what failed by its own fault is not.
        if (error instanceof ReferenceError) got.push(`${name}: ${error.message}`);
      }
    }
    return { got, tried: tried.length, frames: window.length };
  });
  expect(found).toEqual({ got: [], tried: 22, frames: 0 });
});

test('what closes the network works by its text alone, as Electron runs it in the page’s world', async ({ page }) => {
  const preload = await readFile(join(process.env.RELAY_TEST_APP ?? ROOT, 'out/preload/index.cjs'), 'utf8');
  const left = await page.evaluate((text) => {
    const exposed: string[] = [];
    /** Without anything of what stands around it here. */
    const inPage = (code: string): unknown => globalThis.eval(code);
    const electron = {
      contextBridge: {
        executeInMainWorld: ({ func }: { func: () => unknown }): unknown => inPage(`(${String(func)})()`),
        exposeInMainWorld: (name: string) => exposed.push(name),
      },
      ipcRenderer: { on: () => undefined },
    };
    const run = inPage(`(function (require) {\n${text}\n})`) as (require: () => object) => void;
    run(() => electron);
    const made = ((): string => {
      try {
        return typeof new RTCPeerConnection();
      } catch (error) {
        return error instanceof DOMException ? error.name : String(error);
      }
    })();
    return { exposed, made, channel: typeof RTCDataChannel, kept: 'RTCDataChannel' in window };
  }, preload);
  expect(left).toEqual({ exposed: ['relay'], made: 'NotSupportedError', channel: 'undefined', kept: true });
});

test('nothing that a script can ask for leaves the page', async ({ launch }) => {
  const listener = await listen();
  const app = await launch({
    server: 'http://127.0.0.1:1',
    expectedProblems: [/content security policy|violates|TrustedHTML|Trusted|Refused|ERR_|failed/i],
  });
  const { page } = app;
  if (app.control) {
    expect((await app.control.call('state', null)).windows[0]?.webRtcPolicy).toBe('disable_non_proxied_udp');
  }
  const before = page.url().split('#')[0];
  await page.evaluate(async (port) => {
    const at = `http://127.0.0.1:${String(port)}`;
    globalThis.stopped = new Set();
    document.addEventListener('securitypolicyviolation', ({ blockedURI }) =>
      globalThis.stopped.add(blockedURI.replace(/^.*:\d+/, '')),
    );
    const add = (name: string, fields: object): void =>
      document.head.append(Object.assign(document.createElement(name), fields));
    const attempt = (run: () => unknown): Promise<unknown> =>
      Promise.resolve()
        .then(run)
        .catch(() => undefined);
    const win = window as unknown as Record<string, new (url: string) => { opened: Promise<unknown> }>;
    const ways: [string, () => unknown][] = [
      ['/fetch', () => fetch(`${at}/fetch`, { mode: 'no-cors' })],
      ['/beacon', () => navigator.sendBeacon(`${at}/beacon`, 'x')],
      ['/socket', () => new WebSocket(`ws://127.0.0.1:${String(port)}/socket`)],
      [
        '/stream',
        () => win['WebSocketStream'] && new win['WebSocketStream'](`ws://127.0.0.1:${String(port)}/stream`).opened,
      ],
      ['/events', () => new EventSource(`${at}/events`)],
      ['/transport', () => new WebTransport(`https://127.0.0.1:${String(port)}/transport`).ready],
      ['/image', () => (new Image().src = `${at}/image`)],
      ['/sound', () => new Audio(`${at}/sound`).load()],
      ['/font', () => new FontFace('x', `url(${at}/font)`).load()],
      ['/background', () => (document.body.style.backgroundImage = `url(${at}/background)`)],
      ['/style', () => add('link', { rel: 'stylesheet', href: `${at}/style` })],
      ['/preload', () => add('link', { rel: 'preload', as: 'image', href: `${at}/preload` })],
      ['/prefetch', () => add('link', { rel: 'prefetch', href: `${at}/prefetch` })],
      ['/module', () => add('link', { rel: 'modulepreload', href: `${at}/module` })],
      ['/manifest', () => add('link', { rel: 'manifest', href: `${at}/manifest` })],
      ['/import', () => import(/* @vite-ignore */ `${at}/import`)],
      ['/worklet', () => new OfflineAudioContext(1, 1, 8000).audioWorklet.addModule(`${at}/worklet`)],
      [
        '/ping',
        () => {
          const link = Object.assign(document.createElement('a'), { href: '#', ping: `${at}/ping` });
          document.body.append(link);
          link.click();
        },
      ],
    ];
    for (const [, run] of ways) await attempt(run);
    // Most of these leave no trace of a breach: they do nothing, or main is asked.
    await attempt(() => add('link', { rel: 'preconnect', href: at }));
    await attempt(() => add('link', { rel: 'dns-prefetch', href: at }));
    await attempt(() => add('link', { rel: 'icon', href: `${at}/icon` }));
    await attempt(() => navigator.serviceWorker.register('/sw.js'));
    await attempt(() => new SharedWorker(location.href));
    await attempt(() => {
      const rules = document.createElement('script');
      rules.type = 'speculationrules';
      rules.append(JSON.stringify({ prefetch: [{ source: 'list', urls: [`${at}/rules`] }] }));
      document.head.append(rules);
    });
    await attempt(() => window.open(`${at}/window`));
    await attempt(() => {
      const form = Object.assign(document.createElement('form'), { method: 'post', action: `${at}/form` });
      document.body.append(form);
      form.submit();
    });
    await attempt(() => (location.href = `${at}/location`));
    await attempt(() =>
      document.head.append(
        Object.assign(document.createElement('meta'), { httpEquiv: 'refresh', content: `0;url=${at}/refresh` }),
      ),
    );
  }, listener.port);
  // Those of the list that are missing here were not even begun: the page takes no manifest and no worklet.
  const breaches = (
    'background beacon events fetch font icon image import module ping prefetch preload socket sound stream style ' +
    'transport'
  ).split(' ');
  const stopped = (): Promise<string[]> => page.evaluate(() => [...globalThis.stopped].sort());
  await expect.poll(stopped).toEqual([...breaches.map((name) => `/${name}`), 'trusted-types-sink']);
  // What would leave the document was main's to allow, the last of them a moment after the script had ended.
  const refused = async (): Promise<unknown[]> => {
    const { records } = (await app.control?.call('state', null)) ?? { records: [] };
    return records.filter(({ what }) => what === 'navigation').map(({ detail }) => detail);
  };
  if (app.control) {
    const at = `http://127.0.0.1:${String(listener.port)}`;
    const expected = ['location', 'form', 'refresh'].map((name) => ({
      contents: 1,
      url: `${at}/${name}`,
      allowed: false,
    }));
    await expect.poll(refused).toEqual(expected);
  }
  expect(page.url().split('#')[0]).toBe(before);
  expect(listener.heard).toEqual([]);
  listener.close();
});
