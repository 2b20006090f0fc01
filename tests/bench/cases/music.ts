/** Music: from the press to the sound, memory over a hundred tracks, and a library of twenty thousand. */
import { readFileSync } from 'node:fs';
import type { Browser, Page } from '@playwright/test';
import { until } from '../lib/account.ts';
import { launchApp, type RunningApp } from '../lib/app.ts';
import type { BenchCase, BenchContext } from '../lib/case.ts';
import { openMusicWorld, type MusicWorld } from '../lib/music-world.ts';
import type { Figure } from '../lib/report.ts';
import { recordFrames, wheel } from '../lib/scroll.ts';
import { summarize } from '../lib/stats.ts';

const SECONDS = 4;
const ROWS = { host: null, selector: '.library .track' };
const SCROLL_SPEED = 6000;

declare global {
  interface Window {
    /** How loud the output is now, 0 to 1. */
    benchLoudness?: () => number;
  }
}

/** Listens to whatever reaches the device. Runs in the page. */
function installEar(): void {
  const connect = Reflect.get(AudioNode.prototype, 'connect') as (...args: unknown[]) => unknown;
  Reflect.set(AudioNode.prototype, 'connect', function (this: AudioNode, ...args: unknown[]): unknown {
    if (args[0] instanceof AudioDestinationNode) {
      const analyser = this.context.createAnalyser();
      // 6 ms at 44,100 samples a second.
      analyser.fftSize = 256;
      connect.call(this, analyser);
      const samples = new Float32Array(analyser.fftSize);
      window.benchLoudness = () => {
        analyser.getFloatTimeDomainData(samples);
        return samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
      };
    }
    return connect.apply(this, args);
  });
}

/** Presses a button, and answers the milliseconds until something is heard. */
async function pressToSound(page: Page, selector: string): Promise<number> {
  return page.evaluate(async (where) => {
    const button = document.querySelector<HTMLElement>(where);
    if (!button) throw new Error(`no ${where}`);
    const start = performance.now();
    button.click();
    while ((window.benchLoudness?.() ?? 0) < 0.02) {
      if (performance.now() - start > 15_000) throw new Error('nothing was heard');
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    return performance.now() - start;
  }, selector);
}

const PLAYER = 'section[aria-label="Player"]';

/** Pauses, and waits for silence. */
async function quiet(page: Page): Promise<void> {
  const pause = page.locator(`${PLAYER} button[aria-label="Pause"]`).first();
  if ((await pause.count()) > 0) await pause.click();
  await until('silence', () => page.evaluate(() => (window.benchLoudness?.() ?? 0) < 0.001));
}

const playButton = (title: string): string => `${ROWS.selector} button[aria-label="Play ${title}"]`;

/** The memory of all pages' processes, in MB, after a full collection. */
async function pageMemory(app: RunningApp, browser: Browser): Promise<number> {
  await app.devtools.send('HeapProfiler.collectGarbage');
  await app.devtools.send('HeapProfiler.collectGarbage');
  const devtools = await browser.newBrowserCDPSession();
  const { processInfo } = await devtools.send('SystemInfo.getProcessInfo');
  await devtools.detach();
  const pages = processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => id);
  return pages.reduce((sum, id) => {
    const rss = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${String(id)}/status`, 'utf8'))?.[1];
    return sum + Number(rss ?? Number.NaN) / 1000;
  }, 0);
}

async function openLibrary(app: RunningApp, world: MusicWorld): Promise<void> {
  const { page } = app;
  await until('the page', () => page.evaluate(() => 'relay' in window));
  const answer = await page.evaluate((input) => window.relay.accounts.login(input), {
    server: world.relay.url,
    username: world.username,
    password: world.password,
  });
  if (!answer.ok) throw new Error(`signing in failed: ${answer.error.code}`);
  await page.getByRole('link', { name: 'Music', exact: true }).click();
  await page
    .locator(ROWS.selector)
    .filter({ hasText: world.audible[0] ?? '' })
    .first()
    .waitFor({ timeout: 60_000 });
}

async function hear(app: RunningApp, world: MusicWorld, rounds: number): Promise<Figure[]> {
  const { page } = app;
  // The first press loads the player as well.
  const first = await pressToSound(page, playButton(world.audible[0] ?? ''));
  const streamed: number[] = [];
  const cached: number[] = [];
  for (const title of world.audible.slice(1, rounds + 1)) {
    await quiet(page);
    streamed.push(await pressToSound(page, playButton(title)));
    // Until all of it is here.
    await page
      .locator(ROWS.selector)
      .filter({ hasText: title })
      .getByRole('img', { name: /computer/ })
      .first()
      .waitFor({ timeout: 30_000 });
  }
  for (const title of world.audible.slice(1, rounds + 1)) {
    await quiet(page);
    // The track that is current has no button of its own.
    const selector = playButton(title);
    if ((await page.locator(selector).count()) === 0) continue;
    cached.push(await pressToSound(page, selector));
  }
  await quiet(page);
  const figure = (name: string, what: string, samples: readonly number[]): Figure => {
    const summary = summarize(samples);
    return { name: `music.${name}`, what, value: summary.p50, unit: 'ms', budget: null, summary };
  };
  return [
    { name: 'music.first', what: 'first press to sound, player not loaded', value: first, unit: 'ms', budget: null },
    figure('streamed', 'press to sound, from the relay', streamed),
    figure('cached', 'press to sound, from the cache', cached),
  ];
}

/** Goes to the next track, and waits until it is heard: the current one is silent first. */
async function nextToSound(page: Page): Promise<void> {
  const title = (): Promise<string | null> => page.locator(`${PLAYER} .title`).first().textContent();
  const before = await title();
  await page.locator(`${PLAYER} button[aria-label="Next"]`).first().click();
  await until('another title', async () => (await title()) !== before);
  await until('sound', () => page.evaluate(() => (window.benchLoudness?.() ?? 0) > 0.02));
}

async function hundred(app: RunningApp, browser: Browser, count: number): Promise<Figure[]> {
  const { page } = app;
  // The list comes after the track.
  const next = page.locator(`${PLAYER} button[aria-label="Next"]`).first();
  await until('the list', () => next.isEnabled(), 60_000);
  const start = await pageMemory(app, browser);
  await pressToSound(page, `${PLAYER} button[aria-label="Play"]`);
  let middle = Number.NaN;
  for (let n = 1; n <= count; n += 1) {
    await nextToSound(page);
    if (n === Math.floor(count / 2)) middle = await pageMemory(app, browser);
  }
  const end = await pageMemory(app, browser);
  await quiet(page);
  const note = `${start.toFixed(0)} MB before, ${middle.toFixed(0)} MB after half of them`;
  return [
    {
      name: 'music.memory',
      what: `the page’s process after ${String(count)} tracks`,
      value: end,
      unit: 'MB',
      budget: null,
      note,
    },
    {
      name: 'music.memory.late',
      what: 'growth over the second half of them',
      value: end - middle,
      unit: 'MB',
      budget: null,
    },
  ];
}

/** Milliseconds from doing something in the page to a row with these words on the screen. */
async function untilRow(page: Page, words: string, act: { click?: string; fill?: string }): Promise<number> {
  return page.evaluate(
    async ([text, what, rows]) => {
      const start = performance.now();
      if (what.click !== undefined) document.querySelector<HTMLElement>(what.click)?.click();
      const field = document.querySelector<HTMLInputElement>('.library input[type="search"]');
      if (what.fill !== undefined && field) {
        field.value = what.fill;
        field.dispatchEvent(new Event('input', { bubbles: true }));
      }
      const isThere = (): boolean =>
        [...document.querySelectorAll(rows)].some((row) => row.querySelector('.title')?.textContent === text);
      while (!isThere()) {
        if (performance.now() - start > 30_000) throw new Error(`no row "${text}"`);
        await new Promise((resolve) => requestAnimationFrame(resolve));
      }
      await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 0)));
      return performance.now() - start;
    },
    [words, act, ROWS.selector] as const,
  );
}

async function look(app: RunningApp, world: MusicWorld, rounds: number): Promise<Figure[]> {
  const { page } = app;
  const top = world.audible[0] ?? '';
  const opened: number[] = [];
  const searched: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    await page.getByRole('link', { name: 'Chats', exact: true }).click();
    await page.locator('.library').waitFor({ state: 'detached' });
    opened.push(await untilRow(page, top, { click: 'nav a[href*="/music"]' }));
    const words = `Title ${String(1230 + round)}`;
    searched.push(await untilRow(page, words, { fill: words }));
    await untilRow(page, top, { fill: '' });
  }
  const frames = await recordFrames(page, ROWS, () => wheel(app.devtools, -SCROLL_SPEED * 5, SCROLL_SPEED));
  const gaps = summarize(frames.gaps);
  const work = summarize(frames.work);
  const figure = (name: string, what: string, samples: readonly number[]): Figure => {
    const summary = summarize(samples);
    return { name: `music.${name}`, what, value: summary.p50, unit: 'ms', budget: null, summary };
  };
  return [
    figure('opened', 'library: from the press to its rows', opened),
    figure('searched', 'library: from the last key to the row (150 ms of it a pause on purpose)', searched),
    {
      name: 'music.frame',
      what: 'library scrolled: from frame to frame',
      value: gaps.p50,
      unit: 'ms',
      budget: null,
      summary: gaps,
    },
    {
      name: 'music.frame.work',
      what: 'library scrolled: the page’s own work in a frame',
      value: work.p50,
      unit: 'ms',
      budget: null,
      summary: work,
    },
    {
      name: 'music.rows',
      what: 'rows in the document at the same time, at most',
      value: frames.mostRows,
      unit: '',
      budget: { atMost: 60 },
    },
  ];
}

async function measure(context: BenchContext, world: MusicWorld, rounds: number, tracks: number): Promise<Figure[]> {
  const { browser } = context;
  const app = await launchApp({
    browser,
    appDir: context.appDir,
    userData: await context.folder('music'),
    server: world.relay.url,
    onPage: (page) => void page.addInitScript(installEar),
  });
  try {
    await openLibrary(app, world);
    const seen = await look(app, world, rounds);
    await app.page.evaluate(() => document.querySelector('.library .scroller')?.scrollTo({ top: 0 }));
    const heard = await hear(app, world, Math.min(rounds, 8));
    return [...heard, ...(await hundred(app, browser, tracks)), ...seen];
  } finally {
    await app.close();
  }
}

export const musicCase: BenchCase = {
  name: 'music',
  title: 'press to sound, memory over 100 tracks, a library of 20,000',
  async run(context) {
    const listed = context.quick ? 2000 : 20_000;
    const tracks = context.quick ? 10 : 100;
    const rounds = context.quick ? 3 : 8;
    context.say(`adding ${String(tracks + 10)} tracks with sound and ${String(listed)} without`);
    const world = await openMusicWorld({ listed, audible: tracks + 10, seconds: SECONDS });
    try {
      return {
        method:
          `${String(listed)} tracks in the shared list, ${String(tracks + 10)} of them WAV files of ${String(SECONDS)} s on top. Sound is what an ` +
          `analyser before the device hears, looked at every 2 ms (its window is 6 ms); the press is a click made in the page. Cached: all ` +
          `of the file is on this computer. Memory is the page's process as the system counts it, after full collections; each track is ` +
          `gone to by "Next" as soon as the one before is heard. Opened and searched end with the frame that has the row. Scrolled at ` +
          `${String(SCROLL_SPEED)} pixels a second for 5 s.`,
        figures: await measure(context, world, rounds, tracks),
        refused: [],
      };
    } finally {
      await world.relay.close();
    }
  },
};
