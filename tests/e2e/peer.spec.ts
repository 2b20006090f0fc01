/** The peer connection in a real browser: two of them in one page, and a line between them that can be disturbed. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { chromium, expect, test, type Browser, type Page } from '@playwright/test';
import { build } from 'vite';
import { findBrowser } from '../../scripts/lib/browser.ts';
import { playwrightBrowser } from '../../scripts/lib/install-browser.ts';
import { browserLaunch } from '../../scripts/lib/sandbox.ts';
import { CALL_FLAGS } from '../helpers/call-flags.ts';
import type { Trial } from './fixtures/peer/main.ts';

declare global {
  interface Window {
    readonly trial: Trial;
  }
}

const GLARES = 200;
const SETUPS = 50;
const TYPES: Record<string, string> = { '.html': 'text/html', '.js': 'text/javascript' };
let folder = '';
let server: Server;
let browser: Browser;
let page: Page;

test.describe.configure({ mode: 'serial' });

test.beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'relay-peer-'));
  await build({
    configFile: false,
    root: join(import.meta.dirname, 'fixtures/peer'),
    base: './',
    logLevel: 'error',
    build: { outDir: folder, emptyOutDir: true, target: 'chrome140' },
  });
  server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://fixture').pathname;
    const file = path === '/' ? '/index.html' : path;
    readFile(join(folder, file)).then(
      (bytes) => response.writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'text/plain' }).end(bytes),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new Error('the fixture has no port');
  browser = await chromium.launch({
    ...browserLaunch(findBrowser() ?? playwrightBrowser() ?? undefined),
    args: [...CALL_FLAGS, '--autoplay-policy=no-user-gesture-required'],
  });
  page = await browser.newPage();
  page.on('pageerror', (error) => {
    throw error;
  });
  await page.goto(`http://127.0.0.1:${String(bound.port)}/`);
});

test.afterAll(async () => {
  await browser.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await rm(folder, { recursive: true, force: true });
});

test.afterEach(() => page.evaluate(() => window.trial.close()));

test('voice and picture arrive, silence and black in their place, and nothing is negotiated for it', async () => {
  await page.evaluate(() => window.trial.connect());
  expect(await page.evaluate(() => window.trial.hear(1))).toBeLessThan(0.01);
  expect((await page.evaluate(() => window.trial.see(1))).brightness).toBeLessThan(20);
  const before = await page.evaluate(() => window.trial.descriptions());
  await page.evaluate(() => window.trial.send(0));
  expect(await page.evaluate(() => window.trial.hear(1))).toBeGreaterThan(0.05);
  const seen = await page.evaluate(() => window.trial.see(1));
  expect(seen.frames).toBeGreaterThan(5);
  expect(seen.brightness).toBeGreaterThan(40);

  await page.evaluate(() => window.trial.setCamera(0, false));
  await expect.poll(() => page.evaluate(() => window.trial.see(1).then((s) => s.brightness))).toBeLessThan(20);
  await page.evaluate(() => window.trial.setCamera(0, true));
  await expect.poll(() => page.evaluate(() => window.trial.see(1).then((s) => s.brightness))).toBeGreaterThan(40);
  expect(await page.evaluate(() => window.trial.descriptions())).toBe(before);
});

test('a camera’s picture is small for a second after connecting, and whole from then on', async () => {
  await page.evaluate(() => window.trial.connect('open', false, 'with a stopped clock'));
  await page.evaluate(() => window.trial.send(0));
  // The camera of the browser has 480 lines, and the black picture before it 90.
  await expect.poll(() => page.evaluate(() => window.trial.lines(1))).toBe(180);
  await page.evaluate(() => window.trial.skip(900));
  expect(await page.evaluate(() => window.trial.lines(1))).toBe(180);
  await page.evaluate(() => window.trial.skip(200));
  await expect.poll(() => page.evaluate(() => window.trial.lines(1)), { timeout: 15_000 }).toBe(480);
});

test('both sides have the same safety code, a quality, and each other’s state', async () => {
  await page.evaluate(() => window.trial.connect());
  await page.evaluate(() => window.trial.send(0));
  const codes = await page.evaluate(() => [window.trial.last(0, 'safety'), window.trial.last(1, 'safety')]);
  expect(codes[0]).toEqual({ kind: 'safety', code: expect.stringMatching(/^\d{4}( \d{4}){4}$/) });
  expect(codes[1]).toEqual(codes[0]);
  const state = { muted: true, camera: false, sharing: true };
  await page.evaluate((said) => window.trial.tell(0, said), state);
  await expect.poll(() => page.evaluate(() => window.trial.last(1, 'remote'))).toEqual({ kind: 'remote', state });
  await expect
    .poll(() => page.evaluate(() => window.trial.last(0, 'quality')), { timeout: 15_000 })
    .toEqual({ kind: 'quality', quality: 'good' });
});

test('candidates that come before their description are kept', async () => {
  await page.evaluate(() => window.trial.connect('candidates first'));
});

test(`both negotiate at once, ${String(GLARES)} times: they agree each time, whoever is polite`, async () => {
  for (const polite of [false, true]) {
    await page.evaluate((callerIsPolite) => window.trial.connect('open', callerIsPolite), polite);
    for (let n = 0; n < GLARES / 2; n++) await page.evaluate(() => window.trial.glare());
    await page.evaluate(() => window.trial.connected());
  }
});

test('a connection that died is built anew on both sides', async () => {
  await page.evaluate(() => window.trial.connect());
  const code = await page.evaluate(() => window.trial.last(0, 'safety'));
  await page.evaluate(() => window.trial.breakOff());
  await page.evaluate(() => window.trial.skip(31_000));
  await page.evaluate(() => window.trial.connected());
  await page.evaluate(() => window.trial.send(1));
  expect(await page.evaluate(() => window.trial.hear(0))).toBeGreaterThan(0.05);
  expect(await page.evaluate(() => window.trial.last(0, 'safety'))).toEqual(code);
});

test('without a route it says so after 10 s and gives up after 60', async () => {
  await page.evaluate(() => window.trial.connect('no candidates'));
  await page.evaluate(() => window.trial.skip(9_000));
  expect(await page.evaluate(() => window.trial.count(0, 'no_route'))).toBe(0);
  await page.evaluate(() => window.trial.skip(2_000));
  await expect.poll(() => page.evaluate(() => window.trial.count(0, 'no_route'))).toBe(1);
  await page.evaluate(() => window.trial.skip(50_000));
  await expect.poll(() => page.evaluate(() => window.trial.count(0, 'gave_up'))).toBe(1);
});

test(`${String(SETUPS)} calls in a row: each is up quickly, and none is left behind`, async () => {
  const took: number[] = [];
  for (let n = 0; n < SETUPS; n++) took.push(await page.evaluate(() => window.trial.connect()));
  await page.evaluate(() => window.trial.close());
  took.sort((one, other) => one - other);
  const [half, most] = [took[Math.floor(SETUPS * 0.5)] ?? 0, took[Math.floor(SETUPS * 0.95)] ?? 0];
  console.log(`connecting two sides: p50 ${half.toFixed(0)} ms, p95 ${most.toFixed(0)} ms`);
  expect(most).toBeLessThan(1_200);
  expect(await page.evaluate(() => window.trial.openConnections())).toBe(0);
});
