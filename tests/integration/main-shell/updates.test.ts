/**
 * Updates on electron-updater itself: the shipped code against a place on this computer, with the feed files that
 * electron-builder publishes. What is missing of the real thing is the AppImage's own runtime.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'vite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { createUpdater } from '../../../electron/main/platform/updater.ts';
import { readOffer } from '../../../electron/main/services/updates/offer.ts';
import type { UpdateProblem } from '../../../contract/model/updates.ts';
import { ROOT } from '../../../scripts/lib/paths.ts';
import {
  feedPath,
  type Handler,
  installedRelay,
  type InstalledRelay,
  publish,
  sha512,
  updatePlace,
  type UpdatePlace,
} from '../../helpers/update-place.ts';

let place: UpdatePlace;
let relay: InstalledRelay;

beforeEach(async () => {
  place = await updatePlace();
  relay = await installedRelay('1.0.0', `provider: generic\nurl: ${place.url}\nupdaterCacheDirName: relay-updater\n`);
});
afterEach(async () => {
  await relay.remove();
  await place.close();
});

/** Asks, judges and fetches, as the service does; the problem, or null. */
async function round(heard: (bytes: number, total: number) => void = () => undefined): Promise<UpdateProblem | null> {
  const checked = await relay.check();
  if (!checked.ok) return checked.problem;
  const offer = readOffer(checked.value.feed, '1.0.0');
  if (offer.kind !== 'newer') throw new Error(`the offer is ${offer.kind}`);
  const fetched = await relay.source.download(heard, new AbortController().signal);
  return fetched.ok ? null : fetched.problem;
}

const fetchedFiles = (): string[] => {
  const pending = join(relay.folder, 'cache', 'relay-updater', 'pending');
  return existsSync(pending) ? readdirSync(pending) : [];
};

describe('a newer version', () => {
  it('is found, fetched, verified, and put in the place of the old one when the program ends', async () => {
    const bytes = publish(place, '1.1.0');
    const heard: [number, number][] = [];
    expect(await round((done, total) => heard.push([done, total]))).toBeNull();
    expect(heard.at(-1)).toEqual([bytes.length, bytes.length]);
    expect(readFileSync(relay.program, 'utf8')).toBe('the old program');
    relay.source.install(false);
    expect(sha512(readFileSync(relay.program))).toBe(sha512(bytes));
    expect(statSync(relay.program).mode & 0o777).toBe(0o755);
    expect(readdirSync(relay.folder).filter((name) => name.endsWith('.AppImage'))).toEqual(['Relay.AppImage']);
    expect(relay.did).toEqual(['release']);
  });

  it('that is there already is not fetched twice', async () => {
    publish(place, '1.1.0');
    expect(await round()).toBeNull();
    const before = place.asked.length;
    expect(await round()).toBeNull();
    expect(place.asked.slice(before).map(({ path }) => path)).toEqual([feedPath()]);
  });

  it('tells the place nothing by which a computer could be known again', async () => {
    publish(place, '1.1.0');
    await round();
    const names = new Set(place.asked.flatMap(({ headers }) => Object.keys(headers)));
    expect([...names].sort()).toEqual(['accept', 'cache-control', 'connection', 'host', 'user-agent']);
  });

  it('is installed by no replacement that fails half way: the old program stays', async () => {
    publish(place, '1.1.0');
    expect(await round()).toBeNull();
    // The place beside the program is taken by a folder: the copy fails.
    mkdirSync(`${relay.program}.new`);
    mkdirSync(join(`${relay.program}.new`, 'x'));
    relay.source.install(false);
    expect(readFileSync(relay.program, 'utf8')).toBe('the old program');
    expect(relay.logger.of('updater.not_installed')).toHaveLength(1);
  });
});

it('what was fetched goes once it is of no use', async () => {
  publish(place, '1.1.0');
  expect(await round()).toBeNull();
  expect(fetchedFiles()).not.toEqual([]);
  publish(place, '1.0.0');
  expect(await relay.check()).toMatchObject({ ok: true, value: { offered: false } });
  expect(fetchedFiles()).toEqual([]);
});

describe('an older version', () => {
  it.each(['0.9.0', '1.0.0', '1.0.0-rc.1'])('%s is not offered, whatever the feed demands', async (version) => {
    publish(place, version, { lines: ['allowDowngrade: true', 'forced: true'] });
    expect(await relay.check()).toMatchObject({ ok: true, value: { offered: false } });
    expect(place.asked.map(({ path }) => path)).toEqual([feedPath()]);
  });
});

describe('a file that is not the one that was announced', () => {
  it('is thrown away', async () => {
    publish(place, '1.1.0', { sha512: sha512(Buffer.from('another file')) });
    expect(await round()).toBe('bad_checksum');
    expect(fetchedFiles()).toEqual([]);
    relay.source.install(false);
    expect(readFileSync(relay.program, 'utf8')).toBe('the old program');
  });

  it('is thrown away when it is cut short', async () => {
    const bytes = publish(place, '1.1.0');
    const name = '/Relay-1.1.0-linux-x64.AppImage';
    place.files.set(name, (_request, response) => {
      response.writeHead(200, { 'content-length': bytes.length });
      response.write(bytes.subarray(0, 1000), () => response.destroy());
    });
    expect(await round()).toBe('no_answer');
    expect(fetchedFiles()).toEqual([]);
  });

  it('does not hinder the next attempt', async () => {
    publish(place, '1.1.0', { sha512: sha512(Buffer.from('another file')) });
    expect(await round()).toBe('bad_checksum');
    publish(place, '1.1.0');
    expect(await round()).toBeNull();
  });
});

describe('a hostile place', () => {
  const FEEDS: [string, string | Handler, UpdateProblem][] = [
    ['says nothing', '', 'bad_feed'],
    ['says something else', '<html>Welcome</html>', 'bad_feed'],
    ['says null', 'null\n', 'bad_feed'],
    ['says broken YAML', 'version: [1\n', 'bad_feed'],
    ['names a version that is none', 'version: newest\nfiles: []\n', 'bad_feed'],
    ['names a number as version', 'version: 2.0\nfiles: []\n', 'bad_feed'],
    ['fails', (_request, response) => void response.writeHead(500).end('sorry'), 'server_error'],
    ['refuses', (_request, response) => void response.writeHead(403).end(), 'server_error'],
    [
      'leads out of https',
      (_request, response) => void response.writeHead(302, { location: 'http://relay.example/x.yml' }).end(),
      'insecure',
    ],
    [
      'leads to a file',
      (_request, response) => void response.writeHead(302, { location: 'file:///etc/passwd' }).end(),
      'insecure',
    ],
    [
      'leads nowhere',
      (_request, response) => void response.writeHead(302, { location: 'http://[' }).end(),
      'server_error',
    ],
    [
      'leads in circles',
      (request, response) => void response.writeHead(302, { location: request.url }).end(),
      'insecure',
    ],
    [
      'announces too much',
      (_request, response) =>
        void response.writeHead(200, { 'content-length': 1_000_000_000 }).write('version: 2.0.0\n'),
      'too_large',
    ],
    [
      'never ends',
      (_request, response) => {
        const more = (): void =>
          void (response.destroyed || response.write('#'.repeat(65_536), () => setImmediate(more)));
        response.writeHead(200);
        more();
      },
      'too_large',
    ],
    ['hangs up', (request) => void request.socket.destroy(), 'no_answer'],
    ['is silent', () => undefined, 'no_answer'],
    ['falls silent', (_request, response) => void response.writeHead(200).write('version: 2.0.0\n'), 'no_answer'],
  ];
  it.each(FEEDS)('%s', async (_name, feed, problem) => {
    place.files.set(feedPath(), feed);
    expect(await relay.check()).toEqual({ ok: false, problem });
    expect(fetchedFiles()).toEqual([]);
  });

  const PROGRAMS: [string, Handler, UpdateProblem][] = [
    ['fails', (_request, response) => void response.writeHead(500).end('sorry'), 'server_error'],
    [
      'sends a gigabyte',
      (_request, response) => void response.writeHead(200, { 'content-length': 1_000_000_000 }).write('x'),
      'too_large',
    ],
    [
      'leads in circles',
      (request, response) => void response.writeHead(302, { location: request.url }).end(),
      'insecure',
    ],
    [
      'leads out of https',
      (_request, response) => void response.writeHead(302, { location: 'http://relay.example/x' }).end(),
      'insecure',
    ],
    ['falls silent', (_request, response) => void response.writeHead(200).write('x'), 'no_answer'],
  ];
  it.each(PROGRAMS)('with a program that %s', async (_name, program, problem) => {
    publish(place, '1.1.0');
    place.files.set('/Relay-1.1.0-linux-x64.AppImage', program);
    expect(await round()).toBe(problem);
    expect(fetchedFiles()).toEqual([]);
  });

  it('that names a file elsewhere in plain text is not asked for it', async () => {
    publish(place, '1.1.0');
    const feed = String(place.files.get(feedPath()));
    place.files.set(feedPath(), feed.replace('url: Relay', 'url: http://relay.example/Relay'));
    expect(await round()).toBe('insecure');
  });

  it('writes no address and no path into the log', async () => {
    publish(place, '1.1.0', { sha512: sha512(Buffer.from('another file')) });
    await round();
    place.files.set(feedPath(), 'version: [1\n');
    await relay.check();
    const log = JSON.stringify(relay.logger.entries);
    expect(log).toContain('updater.failed');
    expect(log).not.toContain(relay.folder);
    expect(log).not.toContain('noCache');
    expect(log).not.toMatch(/[\da-f]{8}-[\da-f]{4}-/);
  });
});

describe('bundled as main is', () => {
  it('finds, fetches and puts in place: the library lies in files of their own', async () => {
    const out = join(relay.folder, 'bundle');
    await build({
      configFile: false,
      root: ROOT,
      logLevel: 'error',
      ssr: { noExternal: true, target: 'node' },
      build: {
        ssr: true,
        outDir: out,
        target: 'node24',
        minify: false,
        rolldownOptions: {
          input: { updater: join(ROOT, 'electron/main/platform/updater.ts') },
          external: ['electron'],
          output: { format: 'es', entryFileNames: '[name].mjs', chunkFileNames: '[name].mjs' },
        },
      },
    });
    const bundle = (await import(pathToFileURL(join(out, 'updater.mjs')).href)) as {
      createUpdater: typeof createUpdater;
    };
    const bundled = await installedRelay('1.0.0', `provider: generic\nurl: ${place.url}\n`, bundle.createUpdater);
    const bytes = publish(place, '1.1.0');
    expect(await bundled.source.off()).toBeNull();
    expect(await bundled.check()).toMatchObject({ ok: true, value: { offered: true } });
    expect(await bundled.source.download(() => undefined, new AbortController().signal)).toMatchObject({ ok: true });
    bundled.source.install(false);
    expect(sha512(readFileSync(bundled.program))).toBe(sha512(bytes));
    await bundled.remove();
  });
});

describe('a round that is given up', () => {
  it('ends while the place thinks, and the next one works', async () => {
    const held = Promise.withResolvers<void>();
    place.files.set(feedPath(), () => held.resolve());
    const stop = new AbortController();
    const checking = relay.source.check(stop.signal);
    await held.promise;
    stop.abort();
    expect(await checking).toEqual({ ok: false, problem: 'no_answer' });
    publish(place, '1.1.0');
    expect(await round()).toBeNull();
  });

  it('ends in the middle of a file, of which the next one leaves nothing', async () => {
    const bytes = publish(place, '1.1.0');
    const held = Promise.withResolvers<void>();
    place.files.set('/Relay-1.1.0-linux-x64.AppImage', (_request, response) => {
      response.writeHead(200);
      response.write('x', () => held.resolve());
    });
    await relay.check();
    const stop = new AbortController();
    const fetching = relay.source.download(() => undefined, stop.signal);
    await held.promise;
    stop.abort();
    expect(await fetching).toMatchObject({ ok: false });
    place.files.set('/Relay-1.1.0-linux-x64.AppImage', bytes);
    expect(await round()).toBeNull();
    expect(fetchedFiles().sort()).toEqual(['Relay-1.1.0-linux-x64.AppImage', 'update-info.json']);
  });
});
