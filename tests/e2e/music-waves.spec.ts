/** Waveforms: of Opus and of AAC the server measures them, and they are kept. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, type Locator, type Page } from '@playwright/test';
import { opusFile, type EncodedSound } from '../helpers/muxed-sound.ts';
import { sendFiles, test } from './lib/files.ts';

const library = (page: Page): Locator => page.getByRole('region', { name: 'Music library' });
const player = (page: Page): Locator => page.getByRole('region', { name: 'Player' });

/** Eight seconds, each louder than the one before, as the browser's own encoder has them. */
async function encodeStairs(page: Page): Promise<EncodedSound> {
  const made = await page.evaluate(async () => {
    const rate = 48_000;
    const packets: string[] = [];
    let head = '';
    const text = (bytes: Uint8Array): string => String.fromCharCode(...bytes);
    const encoder = new AudioEncoder({
      output: (chunk, meta) => {
        const bytes = new Uint8Array(chunk.byteLength);
        chunk.copyTo(bytes);
        packets.push(text(bytes));
        const description = meta?.decoderConfig?.description;
        if (description instanceof ArrayBuffer) head = text(new Uint8Array(description));
      },
      error: (error) => {
        throw error;
      },
    });
    encoder.configure({ codec: 'opus', sampleRate: rate, numberOfChannels: 1, bitrate: 48_000 });
    for (let second = 0; second < 8; second += 1) {
      const data = Float32Array.from(
        { length: rate },
        (_, n) => ((second + 1) / 10) * Math.sin((2 * Math.PI * 440 * n) / rate),
      );
      const timestamp = second * 1_000_000;
      const sound = { format: 'f32-planar', sampleRate: rate, numberOfFrames: rate, numberOfChannels: 1 } as const;
      encoder.encode(new AudioData({ ...sound, timestamp, data }));
    }
    await encoder.flush();
    return { head, packets };
  });
  return { head: Buffer.from(made.head, 'latin1'), packets: made.packets.map((one) => Buffer.from(one, 'latin1')) };
}

/** The heights of the wave's bars in the player, in units of the drawing; none while it is a plain bar. */
const bars = (page: Page): Promise<number[]> =>
  player(page)
    .getByRole('slider', { name: 'Seek' })
    .first()
    .evaluate((slider) => {
      const path = slider.querySelector('path')?.getAttribute('d') ?? '';
      return [...path.matchAll(/M[\d.]+ ([\d.]+)V([\d.]+)/g)].map(([, from, to]) => Number(to) - Number(from));
    });

/** True when the bars rise as the sound does: eight steps, the last one the highest. */
function rise(heights: readonly number[]): boolean {
  const most = Math.max(...heights);
  return (
    heights.length > 40 &&
    heights.every((height, n) => {
      const second = (n / heights.length) * 8;
      // At the border of two steps it is either of them.
      if (second % 1 > 0.8 || second % 1 < 0.2) return true;
      return Math.abs(height / most - (Math.floor(second) + 1) / 8) < 0.12;
    })
  );
}

test('tracks in Opus and AAC have one as soon as they play, also when the app is opened again', async ({ world }) => {
  const anna = await world.person('Anna', 'Reed');
  const boris = await world.person('Boris', 'Stone');
  const chatId = await world.chat(anna, boris);
  const { page } = await world.open(anna);
  const canAac = await page.evaluate(() => document.createElement('audio').canPlayType('audio/mp4') !== '');
  const files: [string, Buffer][] = [['Rising.opus', opusFile(await encodeStairs(page))]];
  if (canAac) files.push(['Climbing.m4a', await readFile(join(import.meta.dirname, '../fixtures/sound/stairs.m4a'))]);
  await sendFiles(boris, chatId, 'Stairs', files);
  const sent = await boris.api.get<{ messages: { attachments?: { id: string }[] }[] }>(`/chats/${chatId}/messages`);
  for (const { id } of sent.body.messages.flatMap(({ attachments = [] }) => attachments))
    await boris.api.post('/music/metadata', { fileId: id });

  await page.getByRole('link', { name: 'Music', exact: true }).click();
  await expect(library(page).locator('[data-row]')).toHaveCount(files.length);
  for (const [name] of files) {
    await library(page)
      .locator('[data-row]')
      .filter({ hasText: name.split('.')[0] ?? '' })
      .dblclick();
    await expect.poll(async () => rise(await bars(page)), { message: name }).toBe(true);
  }

  // It was kept: nothing plays, and nothing is measured again.
  await page.reload();
  await expect(player(page).getByRole('button', { name: 'Play' })).toBeVisible();
  await expect.poll(async () => rise(await bars(page))).toBe(true);
});
