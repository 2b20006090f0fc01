/** Sound on the page's own origin: a real media element seeks in a real file that main serves in parts. */
import { join } from 'node:path';
import { expect, type Page } from '@playwright/test';
import type { AskedRange } from '../../contract/api/byte-range.ts';
import { test, testHost } from '../helpers/app.ts';
import { loudnessAt, makeWav } from '../helpers/wav.ts';

const appDir = join(import.meta.dirname, 'fixtures/media');
const SECONDS = 2000;
/** How far a loudness may be off: the browser plays at another rate, and a square wave has no sharp edges then. */
const CLOSE = 0.1;

type Asked = { id: string; range: AskedRange | null; cancelled: boolean }[];

/** What main was asked for, as the sample's own medium tells. */
const askedOf = (page: Page): Promise<Asked> =>
  page.evaluate(async () => (await fetch('./media/asked')).json() as Promise<Asked>);

/** Puts a sound into the page and waits until it knows its length. */
const load = (page: Page, id: string): Promise<{ duration: number; seekable: number }> =>
  page.evaluate(async (name) => {
    const audio = new Audio(`./media/${name}`);
    audio.id = 'sound';
    audio.preload = 'metadata';
    document.body.append(audio);
    await new Promise((resolve, reject) => {
      audio.addEventListener('loadedmetadata', resolve);
      audio.addEventListener('error', () => reject(new Error(audio.error?.message ?? 'no reason')));
    });
    return { duration: audio.duration, seekable: audio.seekable.length > 0 ? audio.seekable.end(0) : 0 };
  }, id);

/** Seeks, plays, and answers how loud it is there and where it stands. */
const hearAt = (page: Page, second: number): Promise<{ at: number; loudness: number }> =>
  page.evaluate(async (to) => {
    const audio = document.querySelector<HTMLAudioElement>('#sound');
    if (!audio) throw new Error('no sound');
    const sought = new Promise((resolve, reject) => {
      audio.addEventListener('seeked', resolve, { once: true });
      audio.addEventListener('error', () => reject(new Error(audio.error?.message ?? 'no reason')), { once: true });
    });
    audio.currentTime = to;
    await sought;
    const context = new AudioContext();
    const analyser = context.createAnalyser();
    context.createMediaElementSource(audio).connect(analyser);
    await context.resume();
    await audio.play();
    const samples = new Float32Array(analyser.fftSize);
    let loudness = 0;
    for (let look = 0; look < 300 && loudness === 0; look++) {
      await new Promise((resolve) => requestAnimationFrame(resolve));
      analyser.getFloatTimeDomainData(samples);
      // The middle of what is heard: the edges of a square wave overshoot.
      const sorted = [...samples].map(Math.abs).sort((a, b) => a - b);
      loudness = sorted[Math.floor(sorted.length / 2)] ?? 0;
    }
    audio.pause();
    return { at: audio.currentTime, loudness };
  }, second);

test.describe('on the page’s own origin', () => {
  test.skip(testHost() !== 'stand-in', 'the sample’s main is a script that Electron’s loader does not take');

  test('a sound is sought in far ahead: what is heard is what stands there', async ({ launch }) => {
    const { page } = await launch({ appDir });
    await page.click('h1');
    expect(await load(page, 'tone')).toEqual({ duration: SECONDS, seekable: SECONDS });
    const heard = await hearAt(page, 1790.2);
    expect(heard.at).toBeGreaterThan(1790);
    expect(heard.at).toBeLessThan(1795);
    // From another origin it would be silence, from the begin nearly so.
    expect(Math.abs(heard.loudness - loudnessAt(1790))).toBeLessThan(CLOSE);
    const asked = await askedOf(page);
    const starts = asked.map(({ range }) => (range && 'start' in range ? range.start : null));
    expect(starts[0]).toBe(0);
    const place = makeWav(SECONDS).offsetOf(1790);
    expect(starts.some((start) => start !== null && start > place - 200_000 && start <= place)).toBe(true);
    // What was begun for the first place is not sent to its end.
    await expect.poll(async () => (await askedOf(page))[0]?.cancelled).toBe(true);
  });

  test('a network that fails in the middle of a seek ends no track', async ({ launch }) => {
    const { page } = await launch({ appDir, expectedProblems: [/ERR_|Failed to load/] });
    await page.click('h1');
    await load(page, 'flaky');
    const heard = await hearAt(page, 1550.2);
    expect(Math.abs(heard.loudness - loudnessAt(1550))).toBeLessThan(CLOSE);
  });

  test('a part is the part that was asked for, and nothing else is there', async ({ launch }) => {
    const { page } = await launch({ appDir, expectedProblems: [/status of 40|status of 416/] });
    const answers = await page.evaluate(async () => {
      const ask = async (path: string, init?: RequestInit) => {
        const answer = await fetch(path, init);
        const { headers } = answer;
        return {
          status: answer.status,
          range: headers.get('content-range'),
          type: headers.get('content-type'),
          bytes: [...new Uint8Array(await answer.arrayBuffer())].slice(0, 8),
        };
      };
      return {
        part: await ask('./media/tone', { headers: { range: 'bytes=0-7' } }),
        head: await ask('./media/tone', { method: 'HEAD' }),
        behind: await ask('./media/tone', { headers: { range: 'bytes=999999999-' } }),
        unknown: await ask('./media/other'),
        deeper: await ask('./media/tone/x'),
        posted: await ask('./media/tone', { method: 'POST' }),
        text: await ask('./media/asked'),
      };
    });
    const size = makeWav(SECONDS).bytes.length;
    expect(answers).toMatchObject({
      part: {
        status: 206,
        range: `bytes 0-7/${String(size)}`,
        type: 'audio/wav',
        bytes: [...makeWav(SECONDS).bytes.subarray(0, 8)],
      },
      head: { status: 200, range: null, bytes: [] },
      behind: { status: 416, range: `bytes */${String(size)}`, bytes: [] },
      unknown: { status: 404, bytes: [] },
      deeper: { status: 404 },
      posted: { status: 405 },
      // What is no picture, sound or film is bytes to the page, whatever it is called.
      text: { status: 200, type: 'application/octet-stream' },
    });
  });
});

test('the product knows no media that it has not named, from wherever it is asked', async ({ launch }) => {
  const { page } = await launch({ expectedProblems: [/status of 404/] });
  const status = (path: string): Promise<number> =>
    page.evaluate(async (address) => (await fetch(address)).status, path);
  expect([await status('./media/anything'), await status('/media/anything'), await status('/anything')]).toEqual([
    404, 404, 404,
  ]);
});
