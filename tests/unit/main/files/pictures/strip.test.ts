import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { planFrom } from '../../../../../electron/main/services/files/pictures/plan.ts';
import { canStrip, scanPicture } from '../../../../../electron/main/services/files/pictures/scan.ts';
import { type Format, pixels, plain, reading, SECRETS, sent, strip, tagged } from './picture-world.ts';

const FORMATS: Format[] = ['jpeg', 'png', 'webp'];
const scan = (format: string, bytes: Buffer) => scanPicture(`image/${format}`, reading(bytes), bytes.length);
const holds = (bytes: Buffer, text: string): boolean => bytes.includes(text);

describe.each(FORMATS)('a tagged %s', (format) => {
  it('loses its tags, and looks the same', async () => {
    const bytes = await tagged(format);
    // The test would prove nothing about a picture without tags.
    expect(SECRETS.filter((secret) => holds(bytes, secret))).toEqual(expect.arrayContaining([SECRETS[0], SECRETS[2]]));
    expect((await sharp(bytes).metadata()).xmp?.includes(SECRETS[1] ?? '')).toBe(true);
    const clean = await strip(format, bytes);
    expect(SECRETS.filter((secret) => holds(clean, secret))).toEqual([]);
    const { exif, xmp, iptc, comments, icc, width, height } = await sharp(clean).metadata();
    expect({ exif, xmp, iptc, comments }).toEqual({});
    expect({ width, height }).toEqual({ width: 40, height: 24 });
    // The colours mean nothing without the profile.
    expect(icc).toEqual((await sharp(bytes).metadata()).icc);
    expect(await pixels(clean)).toEqual(await pixels(bytes));
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 8])('keeps its orientation %i and nothing else', async (orientation) => {
    const bytes = await tagged(format, orientation);
    const clean = await strip(format, bytes);
    expect(SECRETS.filter((secret) => holds(clean, secret))).toEqual([]);
    expect((await sharp(clean).metadata()).orientation ?? 1).toBe(orientation);
    expect(await pixels(clean)).toEqual(await pixels(bytes));
    const turned = orientation >= 5;
    expect(await scan(format, bytes)).toMatchObject({ width: turned ? 24 : 40, height: turned ? 40 : 24 });
    // What is clean is sent as it is.
    expect(await strip(format, clean)).toEqual(clean);
  });

  it('has no plan when there is nothing to remove', async () => {
    const bytes = await plain().toFormat(format).toBuffer();
    expect(await scan(format, bytes)).toEqual({ width: 40, height: 24, isAnimated: false, plan: null });
  });

  it('loses what stands behind its end', async () => {
    const bytes = await plain().toFormat(format).toBuffer();
    const film = Buffer.concat([bytes, Buffer.from('SecretPlace and a film')]);
    expect(await strip(format, film)).toEqual(bytes);
  });

  it('ends in no error and no endless loop, wherever it is cut or broken', async () => {
    const bytes = await tagged(format, 6);
    for (let length = 0; length < bytes.length; length += 7) {
      const cut = bytes.subarray(0, length);
      const found = await scan(format, cut);
      if (found?.plan) expect(sent(cut, found.plan)).toHaveLength(found.plan.size);
    }
    const random = fc.record({ at: fc.nat(bytes.length - 1), value: fc.nat(255) });
    await fc.assert(
      fc.asyncProperty(fc.array(random, { maxLength: 8 }), async (changes) => {
        const broken = Buffer.from(bytes);
        for (const { at, value } of changes) broken[at] = value;
        const found = await scan(format, broken);
        if (found?.plan) expect(sent(broken, found.plan)).toHaveLength(found.plan.size);
      }),
      { numRuns: 300 },
    );
  });

  it('can be continued anywhere', async () => {
    const bytes = await tagged(format, 6);
    const plan = (await scan(format, bytes))?.plan;
    if (!plan) throw new Error('nothing to remove');
    const whole = sent(bytes, plan);
    for (const offset of [0, 1, 2, 30, 31, 60, 100, whole.length - 1, whole.length]) {
      const segments = planFrom(plan, offset);
      expect(sent(bytes, { segments, size: 0 })).toEqual(whole.subarray(offset));
    }
  });
});

/** A segment of a JPEG. */
const segment = (marker: number, data: Buffer): Buffer =>
  Buffer.concat([Buffer.from([0xff, marker, (data.length + 2) >> 8, (data.length + 2) & 0xff]), data]);

describe('a JPEG', () => {
  it('loses IPTC, comments, other makers’ parts, a second picture and the thumbnail of its header', async () => {
    const bytes = await plain().jpeg().toBuffer();
    const jfif = Buffer.concat([
      Buffer.from('JFIF\0\u0001\u0002\0\0\u0001\0\u0001\u0001\u0001', 'latin1'),
      Buffer.from('rgb'),
    ]);
    const parts = [
      segment(0xe0, jfif),
      segment(0xe0, Buffer.from('JFXX\0 a thumbnail SecretPlace')),
      segment(0xed, Buffer.from('Photoshop 3.0\0 SecretPlace')),
      segment(0xe2, Buffer.from('MPF\0 SecretPlace')),
      segment(0xe5, Buffer.from('SecretPlace')),
      segment(0xfe, Buffer.from('SecretPlace')),
    ];
    const start = bytes[3] === 0xe0 ? bytes.readUInt16BE(4) + 4 : 2;
    const full = Buffer.concat([bytes.subarray(0, 2), ...parts, bytes.subarray(start)]);
    expect(await pixels(full)).toEqual(await pixels(bytes));
    const clean = await strip('jpeg', full);
    expect(holds(clean, 'SecretPlace')).toBe(false);
    expect(holds(clean, 'rgb')).toBe(false);
    expect(await pixels(clean)).toEqual(await pixels(bytes));
    expect(clean.subarray(6, 10).toString()).toBe('JFIF');
  });

  it('in several passes, with marks for resuming, and of every subsampling stays whole', async () => {
    const source = plain(200, 120);
    const made = [
      await source.clone().jpeg({ progressive: true, quality: 95 }).toBuffer(),
      await source.clone().jpeg({ chromaSubsampling: '4:4:4', optimiseCoding: true }).toBuffer(),
      await source.clone().toColourspace('cmyk').jpeg().toBuffer(),
      await source.clone().greyscale().jpeg().toBuffer(),
    ];
    for (const bytes of made) {
      const commented = Buffer.concat([
        bytes.subarray(0, 2),
        segment(0xfe, Buffer.from('SecretPlace')),
        bytes.subarray(2),
      ]);
      const clean = await strip('jpeg', commented);
      expect(holds(clean, 'SecretPlace')).toBe(false);
      expect(await pixels(clean)).toEqual(await pixels(bytes));
    }
  });

  it('that is none by its structure is no picture', async () => {
    for (const bytes of [
      Buffer.from([0xff, 0xd8, 0xff]),
      Buffer.from([0xff, 0xd8, 0xff, 0xd9]),
      Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 1]), randomBytes(50)]),
      Buffer.concat([Buffer.from([0xff, 0xd8]), Buffer.from('<script>')]),
      segment(0xe1, Buffer.from('Exif\0\0')),
    ])
      expect(await scan('jpeg', bytes)).toBeNull();
  });
});

describe('a picture that moves', () => {
  const frames = async () => {
    const made = ['red', 'green', 'blue'].map((background) =>
      sharp({ create: { width: 8, height: 8, channels: 3, background } })
        .png()
        .toBuffer(),
    );
    return sharp(await Promise.all(made), { join: { animated: true } });
  };

  it('is known as one, and stays one', async () => {
    const webp = await (
      await frames()
    )
      .webp()
      .withExif({ IFD0: { Make: 'SecretCamera' } })
      .toBuffer();
    expect((await sharp(webp, { animated: true }).metadata()).pages).toBe(3);
    expect(holds(webp, 'SecretCamera')).toBe(true);
    expect(await scan('webp', webp)).toMatchObject({ width: 8, height: 8, isAnimated: true });
    const clean = await strip('webp', webp);
    expect(holds(clean, 'SecretCamera')).toBe(false);
    expect((await sharp(clean, { animated: true }).metadata()).pages).toBe(3);
    const gif = await (await frames()).gif().toBuffer();
    expect(await scan('gif', gif)).toEqual({ width: 8, height: 8, isAnimated: true, plan: null });
  });
});

describe('other pictures', () => {
  it('have a size, and are sent as they are', async () => {
    const avif = await plain(64, 48).avif().toBuffer();
    expect(await scan('avif', avif)).toEqual({ width: 64, height: 48, isAnimated: false, plan: null });
    expect(await scan('svg+xml', Buffer.from('<svg/>'))).toBeNull();
    expect(['image/jpeg', 'image/png', 'image/webp', 'image/avif', 'image/gif'].map(canStrip)).toEqual([
      true,
      true,
      true,
      false,
      false,
    ]);
  });

  it('of 16,000 by 16,000 in a few kilobytes are only looked at', async () => {
    const bomb = await sharp({ create: { width: 16_000, height: 16_000, channels: 3, background: '#000' } })
      .png({ compressionLevel: 9 })
      .toBuffer();
    expect(bomb.length).toBeLessThan(2_000_000);
    expect(await scan('png', bomb)).toMatchObject({ width: 16_000, height: 16_000 });
  }, 60_000);
});
