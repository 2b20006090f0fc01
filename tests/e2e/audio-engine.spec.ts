/**
 * The audio engine in a real browser, under the product's content security policy: real files, and every sample that
 * reaches the device is looked at.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { build } from 'vite';
import { CONTENT_SECURITY_POLICY } from '../../electron/main/windows/csp.ts';
import { forMediaElement } from '../../electron/main/windows/opus-head.ts';
import { findBrowser } from '../../scripts/lib/browser.ts';
import { playwrightBrowser } from '../../scripts/lib/install-browser.ts';
import { browserLaunch } from '../../scripts/lib/sandbox.ts';
import { wav } from '../helpers/media-samples.ts';
import { heard, loudness, QUIET } from './lib/audio-heard.ts';
import { CODED_FILES, codedType } from './lib/coded-sounds.ts';

const RATE = 44_100;
const TYPES: Record<string, string> = { '.html': 'text/html', '.js': 'text/javascript' };

/** A tone that goes on where another one stopped. @param from seconds, of the same tone */
const tone = (seconds: number, hertz: number, loudness = 0.4, from = 0): Buffer =>
  wav(
    Array.from(
      { length: Math.round(seconds * RATE) },
      (_, n) => loudness * Math.sin(2 * Math.PI * hertz * (n / RATE + from)),
    ),
    RATE,
  );

const FILES: Record<string, Buffer> = {
  ...CODED_FILES,
  first: tone(3, 440),
  second: tone(2, 440, 0.4, 3),
  third: tone(2, 440, 0.4, 5),
  low: tone(4, 220, 0.2),
  high: tone(4, 1760, 0.2),
  /** Each second louder than the one before. */
  stairs: wav(
    Array.from(
      { length: 20 * RATE },
      (_, n) => ((Math.floor(n / RATE) + 1) / 25) * Math.sin((2 * Math.PI * 440 * n) / RATE),
    ),
    RATE,
  ),
  text: Buffer.from('This is no sound at all. '.repeat(400)),
};

let folder = '';
let server: Server;
let address = '';
/** Connections that "stalls" has cut. */
let cuts = 0;

function sendPart(request: IncomingMessage, response: ServerResponse, file: Buffer): void {
  const bytes = forMediaElement(file);
  const [, from, to] = /bytes=(\d+)-(\d*)/.exec(request.headers.range ?? '') ?? [];
  const start = Number(from ?? 0);
  const end = to ? Math.min(Number(to), bytes.length - 1) : bytes.length - 1;
  response.writeHead(from === undefined ? 200 : 206, {
    'content-type': codedType(request.url ?? '') ?? 'audio/wav',
    'accept-ranges': 'bytes',
    'content-range': `bytes ${String(start)}-${String(end)}/${String(bytes.length)}`,
    'content-length': end - start + 1,
  });
  response.end(bytes.subarray(start, end + 1));
}

/** The first connections break off in the middle of the file. */
function sendCut(request: IncomingMessage, response: ServerResponse, bytes: Buffer): void {
  if (cuts >= 2) return sendPart(request, response, bytes);
  cuts += 1;
  response.writeHead(206, {
    'content-type': 'audio/wav',
    'accept-ranges': 'bytes',
    'content-range': `bytes 0-${String(bytes.length - 1)}/${String(bytes.length)}`,
    'content-length': bytes.length,
  });
  response.write(bytes.subarray(0, 4 * RATE), () => setTimeout(() => response.destroy(), 200));
}

function serve(request: IncomingMessage, response: ServerResponse): void {
  const path = new URL(request.url ?? '/', 'http://fixture').pathname;
  const name = /^\/media\/(\w+)$/.exec(path)?.[1];
  const cut = name === 'stalls' ? FILES['stairs'] : undefined;
  if (cut) return sendCut(request, response, cut);
  const bytes = name === undefined ? undefined : FILES[name];
  if (bytes) return sendPart(request, response, bytes);
  const file = path === '/' ? '/index.html' : path;
  const headers = {
    'content-type': TYPES[extname(file)] ?? 'text/plain',
    'content-security-policy': CONTENT_SECURITY_POLICY,
  };
  readFile(join(folder, file)).then(
    (body) => response.writeHead(200, headers).end(body),
    () => response.writeHead(404).end(),
  );
}

test.use({
  launchOptions: {
    ...browserLaunch(findBrowser() ?? playwrightBrowser() ?? undefined),
    args: ['--autoplay-policy=no-user-gesture-required'],
  },
});

test.beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'relay-audio-'));
  await build({
    configFile: false,
    root: join(import.meta.dirname, 'fixtures/audio'),
    base: './',
    logLevel: 'error',
    build: { outDir: folder, emptyOutDir: true, target: 'chrome140', assetsInlineLimit: 0, modulePreload: false },
  });
  server = createServer(serve);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new Error('the fixture has no port');
  address = `http://127.0.0.1:${String(bound.port)}/`;
});

test.afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await rm(folder, { recursive: true, force: true });
});

test.describe.configure({ timeout: 40_000 });

const problems: string[] = [];
async function openFixture(page: Page): Promise<void> {
  await page.goto(address);
  await page.locator('body[data-ready]').waitFor({ state: 'attached', timeout: 10_000 });
}
test.beforeEach(async ({ page }) => {
  problems.length = 0;
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (line) => {
    if (/policy|pool|Uncaught/i.test(line.text())) problems.push(line.text());
  });
  await openFixture(page);
});
test.afterEach(() => expect(problems).toEqual([]));

/** Waits until the engine has said this so many times. */
const said = (page: Page, kind: string, times = 1): Promise<unknown> =>
  page.waitForFunction(
    ([what, count]) => window.audio.events.filter((event) => event.kind === what).length >= Number(count),
    [kind, times],
    { timeout: 30_000 },
  );

/** Plays one file after the other; `busy`: milliseconds of every 50 in which the page does nothing else. */
async function playThrough(page: Page, names: readonly string[], lengths: readonly number[], busy = 0): Promise<void> {
  await page.evaluate(
    ({ files, seconds, block }) => {
      const { engine, recording, events } = window.audio;
      const source = (index: number) => {
        const [name, duration] = [files[index], seconds[index]];
        if (name === undefined || duration === undefined) return null;
        const mimeType = name.endsWith('mp3') ? 'audio/mpeg' : 'audio/wav';
        return { address: `./media/${name}`, duration, gain: 0, mimeType };
      };
      if (block > 0) {
        setInterval(() => {
          const until = performance.now() + block;
          while (performance.now() < until);
        }, 50);
      }
      recording.clear();
      const first = source(0);
      if (first === null) return;
      engine.load(first);
      engine.play();
      engine.prepare(source(1));
      let index = 1;
      let seen = 0;
      setInterval(() => {
        for (const event of events.slice(seen)) if (event.kind === 'joined') engine.prepare(source((index += 1)));
        seen = events.length;
      }, 20);
    },
    { files: names, seconds: lengths, block: busy },
  );
  await said(page, 'ended');
}

/**
 * Plays files that must be heard as one. A computer that comes too late with the samples puts silence in, whoever plays
 * them; what the engine does wrong at a join is there each of three times.
 */
async function expectJoined(page: Page, what: string, seconds: number, play: () => Promise<void>): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    await play();
    const result = await heard(page, seconds);
    console.log(`gap, ${what}:`, result);
    if (attempt < 3 && (result.silence >= 1 || Math.abs(result.extra) >= 2)) {
      await openFixture(page);
      continue;
    }
    expect(result.silence).toBeLessThan(1);
    expect(Math.abs(result.extra)).toBeLessThan(2);
    return;
  }
}

for (const [mood, busy] of [
  ['an idle', 0],
  ['a busy', 40],
] as const) {
  test(`three files follow each other without a gap on ${mood} page`, async ({ page }) => {
    await expectJoined(page, `${mood} page`, 7, () => playThrough(page, ['first', 'second', 'third'], [3, 2, 2], busy));
    const kinds = await page.evaluate(() => window.audio.events.map(({ kind }) => kind));
    expect(kinds.filter((kind) => kind === 'joined')).toHaveLength(2);
  });
}

/** One tone in two files, without what an encoder has put before and after it, and without loss; to a millisecond. */
for (const codec of ['mp3', 'm4a', 'itunes_m4a', 'ogg', 'opus']) {
  test(`two files of ${codec} follow each other as they were recorded`, async ({ page }) => {
    const type = codedType(codec) ?? '';
    const can = await page.evaluate((mime) => document.createElement('audio').canPlayType(mime) !== '', type);
    test.skip(!can, `this browser plays no ${type}`);
    await expectJoined(page, codec, 2.4, () => playThrough(page, [`first_${codec}`, `second_${codec}`], [1.2, 1.2]));
  });
}

/** Nothing in these says what the encoder has put before and after the tone; the server's lengths have all of it. */
for (const [name, stated, seconds] of [
  ['bare', [4.049, 2.038], 6],
  ['lame', [1.228, 1.228], 2.4],
] as const) {
  test(`two files of mp3 without a header (${name}) follow each other as they were recorded`, async ({ page }) => {
    const can = await page.evaluate(() => document.createElement('audio').canPlayType('audio/mpeg') !== '');
    test.skip(!can, 'this browser plays no audio/mpeg');
    await expectJoined(page, `mp3 without a header (${name})`, seconds, () =>
      playThrough(page, [`first_${name}_mp3`, `second_${name}_mp3`], stated),
    );
  });
}

test('faster or slower, the pitch stays', async ({ page }) => {
  await page.evaluate(() => {
    const { engine, recording } = window.audio;
    recording.clear();
    engine.rate(1.5);
    engine.load({ address: './media/first', duration: 3, gain: 0 });
    engine.play();
    engine.prepare({ address: './media/second', duration: 2, gain: 0 });
  });
  await said(page, 'ended');
  const { seconds, hertz } = await page.evaluate((quiet) => {
    const rate = Number(document.body.dataset['ready']);
    const samples = window.audio.recording.samples();
    const from = samples.findIndex((sample) => Math.abs(sample) > quiet);
    const sound = samples.subarray(from, samples.findLastIndex((sample) => Math.abs(sample) > quiet) + 1);
    const rises = sound.reduce((sum, sample, n) => sum + ((sound[n - 1] ?? 0) < 0 && sample >= 0 ? 1 : 0), 0);
    return { seconds: sound.length / rate, hertz: (rises * rate) / sound.length };
  }, QUIET);
  console.log('one and a half times as fast:', { seconds, hertz });
  expect(Math.abs(seconds - 5 / 1.5)).toBeLessThan(0.15);
  expect(Math.abs(hertz - 440)).toBeLessThan(15);
});

test('a length that is wrong by some tenths makes neither a gap worth the name nor a cut', async ({ page }) => {
  await playThrough(page, ['first', 'second', 'third'], [3.4, 1.7, 2]);
  const result = await heard(page, 7);
  console.log('gap with wrong lengths:', result);
  expect(result.silence).toBeLessThan(60);
  expect(result.extra).toBeGreaterThan(-5);
});

test('a seek is heard at the right place, also before anything has loaded', async ({ page }) => {
  const at = await page.evaluate(async () => {
    const { engine, recording, events } = window.audio;
    recording.clear();
    engine.load({ address: './media/stairs', duration: 20, gain: 0 }, 9.2);
    engine.play();
    while (!events.some((event) => event.kind === 'position' && event.at > 9.3))
      await new Promise((r) => setTimeout(r, 20));
    return recording.samples().length;
  });
  expect(at).toBeGreaterThan(0);
  expect(await loudness(page)).toBeCloseTo(10 / 25, 1);
  await page.evaluate(() => window.audio.engine.seek(2.2));
  await expect.poll(() => loudness(page)).toBeLessThan(0.15);
  expect(await loudness(page)).toBeGreaterThan(0.08);
  await page.evaluate(() => window.audio.engine.seek(17.1));
  await expect.poll(() => loudness(page)).toBeGreaterThan(0.68);
});

test('in an MP3 of a changing rate without a table a seek is heard at the right place too', async ({ page }) => {
  await page.evaluate(async () => {
    const { engine, events } = window.audio;
    engine.load({ address: './media/vbr_mp3', duration: 16, gain: 0 });
    engine.play();
    while (!events.some((event) => event.kind === 'position' && event.at > 0.5))
      await new Promise((r) => setTimeout(r, 20));
  });
  // Its second half takes most of the file: by its own guess the browser would be at the tenth second for the thirteenth.
  for (const second of [4, 10, 13]) {
    const ratio = await page.evaluate(async (to) => {
      const { engine, events, recording } = window.audio;
      events.length = 0;
      engine.seek(to + 0.1);
      const ratios: number[] = [];
      while (ratios.length < 40) {
        await new Promise((r) => setTimeout(r, 10));
        const at = events.findLast((event) => event.kind === 'position')?.at ?? 0;
        const loud = Math.max(...recording.blocks.slice(-20).map((block) => Math.max(...block.map(Math.abs))));
        if (at > to + 0.4 && loud > 0.05) ratios.push((loud * 20) / (Math.floor(at) + 1));
      }
      return ratios.sort((one, other) => one - other)[20] ?? 0;
    }, second);
    // As loud as the second that it says it is at; the codec makes it up to 16 % louder, the next second is 9 % louder still.
    expect(ratio).toBeGreaterThan(0.95);
    expect(ratio).toBeLessThan(1.2);
  }
});

test('a pause is silent and nothing is lost over it', async ({ page }) => {
  await page.evaluate(async () => {
    const { engine, recording, events } = window.audio;
    recording.clear();
    engine.load({ address: './media/first', duration: 3, gain: 0 });
    engine.play();
    while (!events.some((event) => event.kind === 'position' && event.at > 1))
      await new Promise((r) => setTimeout(r, 10));
    engine.pause();
  });
  await expect.poll(() => loudness(page)).toBe(0);
  await page.evaluate(() => window.audio.engine.play());
  await said(page, 'ended');
  // The silence of the pause itself is in the recording as long as the device did not rest.
  const tones = await page.evaluate((quiet) => {
    const rate = Number(document.body.dataset['ready']);
    const blocks = window.audio.recording.blocks.filter((block) => block.some((sample) => Math.abs(sample) > quiet));
    return (blocks.length * 128) / rate;
  }, QUIET);
  expect(Math.abs(tones - 3)).toBeLessThan(0.03);
});

test('with an overlap both are heard, as loud as either', async ({ page }) => {
  await page.evaluate(() => {
    const { engine, recording } = window.audio;
    recording.clear();
    engine.load({ address: './media/low', duration: 4, gain: 0 });
    engine.play();
    engine.prepare({ address: './media/high', duration: 4, gain: 0 }, 1.5);
  });
  await said(page, 'ended');
  const result = await heard(page, 6.5);
  console.log('overlap:', result);
  expect(result.silence).toBeLessThan(1);
  expect(Math.abs(result.extra)).toBeLessThan(250);
  expect(result.loudest).toBeLessThan(0.3);
  expect(result.loudest).toBeGreaterThan(0.23);
});

test('a stream that breaks off goes on where it was', async ({ page }) => {
  cuts = 0;
  await page.evaluate(() => {
    const { engine, recording } = window.audio;
    recording.clear();
    engine.load({ address: './media/stalls', duration: 20, gain: 0 });
    engine.play();
  });
  await page.waitForFunction(
    () => window.audio.events.some((event) => event.kind === 'position' && event.at > 5.5),
    undefined,
    { timeout: 40_000 },
  );
  expect(cuts).toBe(2);
  expect(await loudness(page)).toBeGreaterThan(5 / 25);
  expect(await page.evaluate(() => window.audio.events.some(({ kind }) => kind === 'failed'))).toBe(false);
});

for (const [name, reason] of [
  ['text', 'codec'],
  ['missing', 'gone'],
] as const) {
  test(`"${name}" fails once by its reason (${reason}), as the current source and as the next`, async ({ page }) => {
    const failures = (): Promise<unknown> =>
      page.evaluate(() =>
        window.audio.events.flatMap((event) => (event.kind === 'failed' ? [[event.reason, event.prepared]] : [])),
      );
    await page.evaluate((file) => {
      window.audio.engine.load({ address: `./media/${file}`, duration: 3, gain: 0 });
      window.audio.engine.play();
    }, name);
    await said(page, 'failed');
    expect(await failures()).toEqual([[reason, false]]);
    await page.evaluate((file) => {
      const { engine } = window.audio;
      engine.load({ address: './media/first', duration: 3, gain: 0 });
      engine.play();
      engine.prepare({ address: `./media/${file}`, duration: 3, gain: 0 });
    }, name);
    await said(page, 'ended');
    expect(await failures()).toEqual([
      [reason, false],
      [reason, true],
    ]);
  });
}
