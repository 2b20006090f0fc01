/** What the node finds in pictures, sounds and videos, and what it gives out of them: real files over HTTP. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { withBytes } from '../../../relay/media/child/sound.ts';
import { mp4AacStream } from '../../../relay/media/formats/mp4-aac.ts';
import { adtsFile } from '../../helpers/aac-bits.ts';
import { animated, avif, flac, jpeg, mp3, png, pngBomb, steps, wav, webp } from '../../helpers/media-samples.ts';
import { startTestRelay, type TestRelay, type TestUser } from '../../helpers/relay.ts';
import { download, upload, uploadsOf } from '../../helpers/relay-files.ts';
import { newcomer, pair, say } from '../../helpers/relay-scene.ts';

let relay: TestRelay;
let anna: TestUser;
beforeAll(async () => {
  relay = await startTestRelay();
  anna = await newcomer(relay);
});
afterAll(() => relay.close());

describe('a picture', () => {
  test.each([
    ['JPEG', 'image/jpeg', () => jpeg(400, 200)],
    ['PNG', 'image/png', () => png(400, 200)],
    ['WebP', 'image/webp', () => webp(400, 200)],
    ['AVIF', 'image/avif', () => avif(400, 200)],
  ])('%s has its size, a thumbnail and a blurred preview', async (_name, mimeType, make) => {
    const file = await upload(anna, await make(), 'named.txt');
    expect(file).toMatchObject({ mimeType, width: 400, height: 200, variants: ['thumb'] });
    expect(file.thumbhash).toMatch(/^[A-Za-z0-9+/]{20,40}=*$/);
    const thumb = await download(relay.url, anna, `/files/${file.id}?variant=thumb`);
    expect([thumb.status, thumb.headers.get('content-type')]).toEqual([200, 'image/webp']);
    expect(thumb.headers.get('etag')).toBe(`"${file.id}.thumb"`);
    expect(await sharp(thumb.bytes).metadata()).toMatchObject({ format: 'webp', width: 320, height: 160 });
    expect((await download(relay.url, anna, `/files/${file.id}?variant=preview`)).status).toBe(404);
    expect((await download(relay.url, anna, `/files/${file.id}?variant=other`)).status).toBe(400);
  });

  test('that was turned has the size it is shown in, and so has its thumbnail, without a word about the camera', async () => {
    const bytes = await jpeg(400, 200, 6);
    const file = await upload(anna, bytes, 'turned.jpg');
    expect([file.width, file.height]).toEqual([200, 400]);
    const thumb = await sharp((await download(relay.url, anna, `/files/${file.id}?variant=thumb`)).bytes).metadata();
    expect([thumb.width, thumb.height, thumb.exif, thumb.orientation]).toEqual([160, 320, undefined, undefined]);
    const whole = await download(relay.url, anna, `/files/${file.id}`);
    expect(whole.bytes.equals(bytes)).toBe(true);
  });

  test('of more than 24 megapixels has a preview of at most 2048', async () => {
    const file = await upload(anna, await jpeg(6000, 4100), 'large.jpg');
    expect(file).toMatchObject({ width: 6000, height: 4100, variants: ['thumb', 'preview'] });
    const preview = await sharp(
      (await download(relay.url, anna, `/files/${file.id}?variant=preview`)).bytes,
    ).metadata();
    expect([preview.width, preview.format]).toEqual([2048, 'webp']);
  });

  test.each([
    ['GIF', 'image/gif', () => animated('gif', 4)],
    ['WebP', 'image/webp', () => animated('webp', 4)],
  ])('that moves (%s) stays as it is', async (_name, mimeType, make) => {
    const bytes = await make();
    const file = await upload(anna, bytes, 'moves');
    expect(file).toMatchObject({ mimeType, width: 40, height: 40, variants: ['thumb'] });
    expect((await download(relay.url, anna, `/files/${file.id}`)).bytes.equals(bytes)).toBe(true);
  });

  test('of a few kilobytes that becomes a gigabyte is a document, and the node goes on', async () => {
    for (const bomb of [pngBomb(16_000), pngBomb(30_000)]) {
      const file = await upload(anna, bomb, 'bomb.png');
      expect(file).toMatchObject({ mimeType: 'application/octet-stream', size: bomb.length });
      expect([file.width, file.variants]).toEqual([undefined, undefined]);
    }
    expect((await upload(anna, await png(10, 10))).variants).toEqual(['thumb']);
  });

  test('that is broken is a file like any other', async () => {
    const whole = await jpeg(400, 200);
    const cut = await upload(anna, whole.subarray(0, whole.length * 0.6), 'cut.jpg');
    expect(cut).toMatchObject({ mimeType: 'image/jpeg', width: 400, height: 200 });
    const empty = await upload(anna, Buffer.concat([whole.subarray(0, 4), Buffer.alloc(1000, 7)]), 'none.jpg');
    expect([empty.mimeType, empty.width, empty.variants]).toEqual(['image/jpeg', undefined, undefined]);
  });
});

describe('what a browser might run', () => {
  test.each([
    ['SVG', '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', 'a.png'],
    ['HTML', '<!doctype html><script>alert(1)</script>', 'a.jpg'],
    ['HTML behind blanks', `${' '.repeat(5000)}\n<HTML onload=x>`, 'a.html'],
    ['XML', '<?xml version="1.0"?><x xmlns="http://www.w3.org/1999/xhtml"/>', 'a.xml'],
  ])('%s is only ever saved', async (_name, text, name) => {
    const file = await upload(anna, text, name);
    expect(file.mimeType).toBe('application/octet-stream');
    const got = await download(relay.url, anna, `/files/${file.id}`);
    expect(got.headers.get('content-disposition')).toMatch(/^attachment/);
    expect(got.headers.get('content-type')).toBe('application/octet-stream');
    expect(got.headers.get('x-content-type-options')).toBe('nosniff');
    expect(got.headers.get('content-security-policy')).toContain('sandbox');
  });

  test('a picture that carries a script behind it is a picture', async () => {
    const bytes = Buffer.concat([await jpeg(40, 20), Buffer.from('<script>alert(1)</script>PK\x03\x04')]);
    expect(await upload(anna, bytes, 'a.html')).toMatchObject({ mimeType: 'image/jpeg', width: 40 });
  });
});

describe('a sound', () => {
  const rising = (peaks: number[]): number[] => [peaks[5] ?? -1, peaks[32] ?? -1, peaks[60] ?? -1];

  test.each([
    ['WAV', 'audio/wav', () => wav(steps(3, 8000), 8000), 3],
    ['FLAC', 'audio/flac', () => flac(steps(3, 8000), 8000, 'fixed'), 3],
    [
      'MP3',
      'audio/mpeg',
      () => mp3(Array.from({ length: 120 }, (_, n) => [0, 206, 210][Math.floor(n / 40)] ?? 0)),
      3.135,
    ],
  ])('%s has its duration and its loudness', async (_name, mimeType, make, duration) => {
    const file = await upload(anna, make(), 'sound');
    expect(file).toMatchObject({ mimeType, variants: ['waveform'] });
    expect(file.duration).toBeCloseTo(duration, 1);
    expect(file.peaks).toHaveLength(64);
    const [silent = 1, half = 0, full = 0] = rising(file.peaks ?? []);
    expect([silent, half, full]).toEqual([expect.closeTo(0, 1), expect.closeTo(0.5, 1), expect.closeTo(1, 1)]);
    const waveform = await download(relay.url, anna, `/files/${file.id}?variant=waveform`);
    expect(waveform.headers.get('content-type')).toBe('application/json');
    const points = JSON.parse(waveform.bytes.toString()) as number[];
    expect(points.length).toBeGreaterThan(64);
    expect(points.every((point) => Number.isInteger(point) && point >= 0 && point <= 255)).toBe(true);
  });

  test('Ogg Vorbis has them too', async () => {
    const bytes = await readFile(join(import.meta.dirname, '../../fixtures/sound/stairs.ogg'));
    const file = await upload(anna, bytes, 'stairs.ogg');
    expect(file).toMatchObject({ mimeType: 'audio/ogg', variants: ['waveform'], duration: 3 });
    const [low = 0, middle = 0, high = 0] = rising(file.peaks ?? []);
    expect([low, middle, high]).toEqual([expect.closeTo(1 / 3, 1), expect.closeTo(2 / 3, 0), expect.closeTo(1, 1)]);
    expect(middle).toBeGreaterThan(low * 1.5);
    expect(middle).toBeLessThan(high * 0.8);
  });

  test.each(['audio/mp4', 'audio/aac'])('so has AAC, as %s', async (mimeType) => {
    const path = join(import.meta.dirname, '../../fixtures/sound/stairs.m4a');
    const packets = await withBytes(path, async (bytes) => {
      const found: Buffer[] = [];
      for await (const packet of (await mp4AacStream(bytes))?.packets ?? []) found.push(Buffer.from(packet.bytes));
      return found;
    });
    const bytes = mimeType === 'audio/aac' ? adtsFile(packets, 7, 1) : await readFile(path);
    const file = await upload(anna, bytes, 'stairs');
    expect(file).toMatchObject({ mimeType, variants: ['waveform'] });
    expect(file.duration).toBeCloseTo(8, 0);
    // Of eight steps, as parts of the loudest.
    expect(rising(file.peaks ?? [])).toEqual([1, 5, 8].map((step): unknown => expect.closeTo(step / 8, 1.3)));
  });

  test('that the node cannot decode has the loudness that its recorder measured', async () => {
    const uploads = uploadsOf(anna);
    const sound = Buffer.concat([Buffer.from('\0\0\0\x14ftypM4A \0\0\0\0M4A ', 'latin1'), Buffer.alloc(50)]);
    const { uploadId } = (await uploads.create(sound.length, 'voice.m4a', { peaks: [0, 0.5, 1] })).body;
    const { file } = (await uploads.part(uploadId, 0, sound)).body;
    expect(file).toMatchObject({ mimeType: 'audio/mp4', peaks: [0, 0.502, 1] });
    expect((await uploads.create(5, 'x', { peaks: [2] })).status).toBe(400);
    const text = (await uploads.create(5, 'x', { peaks: [1] })).body.uploadId;
    expect((await uploads.part(text, 0, Buffer.from('words'))).body.file?.peaks).toBeUndefined();
  });
});

test('the list of chats carries files without their previews', async () => {
  const { anna: one, boris, chatId } = await pair(relay);
  const file = await upload(one, await png(50, 40), 'shown.png');
  await say(one, chatId, '', { attachments: [file.id] });
  const page = await boris.api.get<{ chats: { lastMessage: Record<string, unknown> }[] }>('/chats', { limit: 5 });
  const last = page.body.chats[0]?.lastMessage;
  expect(last).toMatchObject({ shortened: true, attachments: [{ id: file.id, name: 'shown.png', width: 50 }] });
  expect(JSON.stringify(last)).not.toContain('thumbhash');
});

test('a node without `files` tells only what is published, and has no other forms', async () => {
  const plain = await startTestRelay({ capabilities: [] });
  try {
    const person = await newcomer(plain);
    const file = await upload(person, await png(400, 200), 'p.png');
    expect(Object.keys(file).toSorted()).toEqual([
      'createdAt',
      'height',
      'id',
      'mimeType',
      'name',
      'size',
      'url',
      'width',
    ]);
    const whole = await download(plain.url, person, `/files/${file.id}?variant=thumb`);
    expect([whole.status, whole.bytes.length]).toEqual([200, file.size]);
  } finally {
    await plain.close();
  }
});
