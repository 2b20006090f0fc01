/** The player in the application: a person presses a button, and sound comes out. */
import { expect, type Locator, type Page } from '@playwright/test';
import type { PlayableView, TrackView } from '../../contract/ipc/music-views.ts';
import { wav } from '../helpers/media-samples.ts';
import { sendFiles, test } from './lib/files.ts';
import { openChat } from './lib/screen.ts';
import type { Person, World } from './lib/world.ts';

const RATE = 44_100;
const tone = (seconds: number, hertz: number, from = 0): Buffer =>
  wav(
    Array.from({ length: seconds * RATE }, (_, n) => 0.5 * Math.sin(2 * Math.PI * hertz * (n / RATE + from))),
    RATE,
  );

declare global {
  interface Window {
    /** How loud the output is now, 0 to 1, and the pitch that is heard, in hertz. */
    heardNow?: () => { loudness: number; hertz: number };
    /** Milliseconds of the longest silence since it was last asked, looked at every few milliseconds. */
    silence?: () => number;
  }
}

/** Listens to whatever is connected to the device. */
function listen(): void {
  const connect = Reflect.get(AudioNode.prototype, 'connect') as (...args: unknown[]) => unknown;
  Reflect.set(AudioNode.prototype, 'connect', function (this: AudioNode, ...args: unknown[]): unknown {
    if (args[0] instanceof AudioDestinationNode) {
      const analyser = this.context.createAnalyser();
      analyser.fftSize = 8192;
      connect.call(this, analyser);
      const samples = new Float32Array(analyser.fftSize);
      const bins = new Float32Array(analyser.frequencyBinCount);
      window.heardNow = () => {
        analyser.getFloatTimeDomainData(samples);
        analyser.getFloatFrequencyData(bins);
        const loudest = bins.indexOf(bins.reduce((most, bin) => Math.max(most, bin), Number.NEGATIVE_INFINITY));
        const loudness = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
        return { loudness, hertz: (loudest * this.context.sampleRate) / analyser.fftSize };
      };
      // Each look covers 190 ms, and they are 50 ms apart: every sample is looked at.
      let [run, longest] = [0, 0];
      let last = 0;
      setInterval(() => {
        analyser.getFloatTimeDomainData(samples);
        const now = Math.round(this.context.currentTime * this.context.sampleRate);
        const fresh = samples.subarray(Math.max(0, samples.length - (now - last)));
        last = now;
        for (const sample of fresh) {
          run = Math.abs(sample) < 0.004 ? run + 1 : 0;
          longest = Math.max(longest, run);
        }
      }, 50);
      window.silence = () => {
        const result = (longest / this.context.sampleRate) * 1000;
        longest = 0;
        run = 0;
        return result;
      };
    }
    return connect.apply(this, args);
  });
}

const player = (page: Page): Locator => page.getByRole('region', { name: 'Player' });
const loudness = (page: Page): Promise<number> => page.evaluate(() => window.heardNow?.().loudness ?? 0);
const hertz = (page: Page): Promise<number> => page.evaluate(() => window.heardNow?.().hertz ?? 0);
const seekBar = (page: Page): Locator => player(page).getByRole('slider', { name: 'Seek' });
const secondsOf = async (page: Page): Promise<number> => Number(await seekBar(page).getAttribute('aria-valuenow'));

const playable = (accountId: string, track: TrackView): PlayableView => ({
  accountId,
  fileId: track.id,
  source: 'library',
  ...{ title: track.title, artist: track.artist, album: track.album, albumKey: track.albumKey },
  ...{ trackNumber: track.trackNumber, duration: track.duration, mimeType: track.mimeType, url: track.url },
  ...{ coverUrl: track.coverUrl, gain: track.gain, from: null },
});

/** Somebody whose player was left with these tracks. */
async function withQueue(world: World, files: readonly [string, Buffer][]): Promise<{ page: Page; anna: Person }> {
  const anna = await world.person('Anna', 'Reed');
  const boris = await world.person('Boris', 'Stone');
  const chatId = await world.chat(anna, boris);
  await sendFiles(anna, chatId, 'Listen to this', files);
  const { page } = await world.open(anna);
  await openChat(page, chatId);
  await expect(page.getByRole('article').getByRole('group')).toHaveCount(files.length);
  const tracks = await page.evaluate(async (chat) => {
    const state = await window.relay.app.ready({});
    const accountId = state.ok ? state.value.accounts.open[0]?.id : undefined;
    if (accountId === undefined) throw new Error('nobody is signed in');
    const shown = await window.relay.messages.page({ accountId, chatId: chat, anchor: { at: 'latest' }, limit: 10 });
    if (!shown.ok) throw new Error(JSON.stringify(shown.error));
    const added: TrackView[] = [];
    for (const { id } of shown.value.items.flatMap((message) => message.attachments)) {
      const track = await window.relay.music.add({ accountId, id });
      if (!track.ok) throw new Error(JSON.stringify(track.error));
      added.push(track.value);
    }
    return { accountId, added };
  }, chatId);
  const queue = tracks.added.map((track) => ({ key: track.id, item: playable(tracks.accountId, track) }));
  await page.addInitScript(listen);
  await page.evaluate((memory) => window.relay.player.keep({ memory }), {
    ...{ queue, order: null, current: queue[0]?.key ?? null, position: 1, repeat: 'off' as const, volume: 1 },
    ...{ muted: false, speed: 1, party: null, musicSpeed: 1, crossfade: 0, levelling: true },
  });
  await page.reload();
  return { page, anna };
}

test('a queue that was kept plays on: sound flows, over a border without a gap, and after a seek', async ({
  world,
}) => {
  const { page } = await withQueue(world, [
    ['first.wav', tone(6, 440)],
    ['second.wav', tone(8, 440, 6)],
    ['third.wav', tone(8, 1760)],
  ]);
  const bar = player(page);
  await expect(bar).toContainText('first');
  await expect(seekBar(page)).toHaveAttribute('aria-valuenow', '1');
  expect(await loudness(page)).toBe(0);
  await bar.getByRole('button', { name: 'Play' }).click();
  await expect(bar.getByRole('button', { name: 'Pause' })).toBeVisible();
  await expect.poll(() => loudness(page)).toBeGreaterThan(0.4);
  await page.evaluate(() => window.silence?.());
  await expect(bar).toContainText('second', { timeout: 15_000 });
  await expect.poll(() => secondsOf(page)).toBeGreaterThan(0);
  const gap = await page.evaluate(() => window.silence?.() ?? -1);
  console.log('gap in the application, ms:', gap);
  expect(gap).toBeGreaterThanOrEqual(0);
  expect(gap).toBeLessThan(1);
  expect(Math.abs((await hertz(page)) - 440)).toBeLessThan(10);

  await bar.getByRole('button', { name: 'Next' }).click();
  await expect(bar).toContainText('third');
  await expect.poll(() => hertz(page)).toBeGreaterThan(1700);
  await expect(bar.getByRole('button', { name: 'Next' })).toBeDisabled();
  // The wave takes a click, and the keys.
  const box = await seekBar(page).boundingBox();
  if (!box) throw new Error('there is no seek bar');
  await seekBar(page).click({ position: { x: box.width * 0.5, y: box.height / 2 } });
  await expect.poll(() => secondsOf(page)).toBeGreaterThanOrEqual(4);
  await expect.poll(() => loudness(page)).toBeGreaterThan(0.4);
  await seekBar(page).press('Home');
  await expect.poll(() => secondsOf(page)).toBeLessThan(3);

  await bar.getByRole('button', { name: 'Pause' }).click();
  await expect.poll(() => loudness(page)).toBe(0);
  await bar.getByRole('button', { name: 'Mute' }).click();
  await expect(bar.getByRole('slider', { name: 'Volume' })).toHaveValue('0');
});

test('the queue is moved in by keyboard, and survives a restart of the page', async ({ world }) => {
  const { page } = await withQueue(world, [
    ['first.wav', tone(2, 440)],
    ['second.wav', tone(2, 660)],
    ['third.wav', tone(2, 880)],
  ]);
  await player(page).getByRole('button', { name: 'Queue' }).click();
  const queue = page.getByRole('region', { name: 'Queue' });
  const rows = queue.getByRole('listitem');
  await expect(rows).toHaveText([/first/, /second/, /third/]);
  await rows.nth(0).getByRole('button').first().focus();
  await page.keyboard.press('Alt+ArrowDown');
  await expect(rows).toHaveText([/second/, /first/, /third/]);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Delete');
  await expect(rows).toHaveText([/second/, /first/]);
  await player(page).getByRole('button', { name: 'Repeat' }).click();
  // Kept a moment later.
  await expect
    .poll(() =>
      page.evaluate(async () => {
        const kept = await window.relay.player.recall({});
        return kept.ok ? kept.value?.repeat : kept.error.code;
      }),
    )
    .toBe('all');
  await page.reload();
  await player(page).getByRole('button', { name: 'Queue' }).click();
  await expect(rows).toHaveText([/second/, /first/]);
  await queue.getByRole('button', { name: 'Clear queue' }).click();
  await expect(player(page)).toHaveCount(0);
});

test('an attachment plays in the player, and its row shows it', async ({ world }) => {
  const anna = await world.person('Anna', 'Reed');
  const boris = await world.person('Boris', 'Stone');
  const chatId = await world.chat(anna, boris);
  await sendFiles(boris, chatId, 'A song', [['Slow Light.wav', tone(20, 440)]]);
  await sendFiles(boris, chatId, 'Not a song', [['broken.mp3', Buffer.from('This is no sound. '.repeat(99))]]);
  const { page } = await world.open(anna);
  await page.addInitScript(listen);
  await page.reload();
  await openChat(page, chatId);
  const row = page.getByRole('group', { name: 'Slow Light.wav' });
  await row.getByRole('button', { name: 'Play' }).click();
  await expect(player(page)).toContainText('Slow Light');
  await expect.poll(() => loudness(page)).toBeGreaterThan(0.2);
  await row.getByRole('button', { name: 'Pause' }).click();
  await expect(player(page).getByRole('button', { name: 'Play' })).toBeVisible();
  await row.getByRole('slider').press('End');
  await expect.poll(() => secondsOf(page)).toBeGreaterThanOrEqual(19);

  await player(page)
    .getByRole('button', { name: /^Full view/ })
    .click();
  const view = page.getByRole('region', { name: 'Now playing' });
  await expect(view.getByRole('heading', { level: 1 })).toHaveText('Slow Light');
  await page.keyboard.press('Escape');
  await expect(view).toHaveCount(0);
});
