/** What the application's page cannot reach on the stand-in, since it could not under Electron. */
import { request } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SystemUi, type SystemUiThing } from '../../../host/system-ui.ts';
import { startOutsideServer, type OutsideServer } from '../../../host/outside-server.ts';
import { DocumentKeys } from '../../../host/server/document-keys.ts';
import { mayAsk } from '../../../host/server/scheme-rules.ts';

describe('the key of a document', () => {
  it('is good for one link of its own window', () => {
    const keys = new DocumentKeys();
    const key = keys.mint(1);
    expect([keys.isFresh(key, 1), keys.isFresh(key, 2), keys.isFresh('', 1)]).toEqual([true, false, false]);
    expect(keys.redeem(key, 2)).toBe(false);
    expect(keys.redeem(key, 1)).toBe(true);
    expect([keys.isFresh(key, 1), keys.redeem(key, 1)]).toEqual([false, false]);
  });

  it('does not gather without end', () => {
    const keys = new DocumentKeys();
    const first = keys.mint(1);
    const others = Array.from({ length: 1000 }, () => keys.mint(1));
    expect(keys.isFresh(first, 1)).toBe(false);
    expect(others.every((key) => keys.isFresh(key, 1))).toBe(true);
  });
});

describe('schemes', () => {
  const page = 'app://relay/index.html';
  const all = { supportFetchAPI: true, stream: true };
  it.each<[string, string, string | undefined, Electron.Privileges, boolean]>([
    ['a script of its own', 'app://relay/a.js', 'script', {}, true],
    ['its own by fetch', 'app://relay/a.json', 'empty', all, true],
    ['its own by fetch, which nobody asked for', 'app://relay/a.json', 'empty', {}, false],
    ['its own sound, which nobody asked for', 'app://relay/a.mp3', 'audio', {}, false],
    ['its own sound', 'app://relay/a.mp3', 'audio', all, true],
    ['a worker that stays', 'app://relay/sw.js', 'serviceworker', all, false],
    ['another scheme', 'media://relay/a', 'image', all, false],
    ['another host', 'app://other/a.js', 'script', all, false],
    ['a navigation, which main is asked about', 'app://other/index.html', 'document', {}, true],
  ])('%s', (_name, url, destination, privileges, expected) => {
    expect(mayAsk(page, url, destination, privileges)).toBe(expected);
  });
});

describe('the page of what lies outside', () => {
  const clicks: string[] = [];
  let server: OutsideServer;

  beforeEach(async () => {
    clicks.length = 0;
    const outside = new SystemUi();
    const thing: SystemUiThing = {
      id: 'dialog-1',
      describe: () => ({
        id: 'dialog-1',
        what: 'dialog',
        title: '<b>Really?</b>',
        text: '',
        choices: [{ action: 'button:0', label: 'Yes' }],
      }),
      act: (action) => clicks.push(action) > 0,
    };
    outside.show(thing);
    server = await startOutsideServer(outside);
  });
  afterEach(() => server.close());

  async function ask(method: string, path: string, headers: Record<string, string>): Promise<[number, string]> {
    const { hostname, port } = new URL(server.address);
    return new Promise((resolve, reject) => {
      const call = request({ method, host: hostname, port, path, headers }, (answer) => {
        let body = '';
        answer.on('data', (chunk: Buffer) => (body += chunk.toString()));
        answer.on('end', () => resolve([answer.statusCode ?? 0, body]));
      });
      call.on('error', reject).end();
    });
  }

  it('shows itself and takes a click of its own', async () => {
    const { host, origin, pathname } = new URL(server.address);
    const [status, body] = await ask('GET', pathname, { host, 'sec-fetch-site': 'none' });
    expect([status, body.includes('&#60;b&#62;Really?')]).toEqual([200, true]);
    const action = /action="([^"]+)"/.exec(body)?.[1]?.replaceAll('&amp;', '&') ?? '';
    const own = { host, origin, 'sec-fetch-site': 'same-origin' };
    expect((await ask('POST', action, own))[0]).toBe(303);
    expect(clicks).toEqual(['button:0']);
  });

  it('is not there for the application’s page, nor for any other', async () => {
    const { host, origin, pathname } = new URL(server.address);
    const click = `${pathname}?id=dialog-1&action=button%3A0`;
    const refused: [string, string, Record<string, string>][] = [
      ['POST', click, { host, origin: 'http://127.0.0.1:1', 'sec-fetch-site': 'same-site' }],
      ['POST', click, { host, origin: 'null' }],
      ['POST', click, { host }],
      ['POST', click, { host, origin, 'sec-fetch-site': 'same-site' }],
      ['GET', pathname, { host, 'sec-fetch-site': 'same-site' }],
      ['GET', pathname, { host: 'evil.test' }],
      ['PUT', click, { host, origin }],
      ['POST', '/outside?id=dialog-1&action=button%3A0', { host, origin }],
    ];
    for (const [method, path, headers] of refused) {
      expect((await ask(method, path, headers))[0], `${method} ${JSON.stringify(headers)}`).toBe(403);
    }
    expect(clicks).toEqual([]);
  });
});
