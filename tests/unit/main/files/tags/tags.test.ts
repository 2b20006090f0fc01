/** Tags of films, sound and pictures in containers: files built here, box by box. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planFrom } from '../../../../../electron/main/services/files/pictures/plan.ts';
import { scanTags } from '../../../../../electron/main/services/files/tags/clean.ts';
import { plain, reading, sent } from '../pictures/picture-world.ts';

const SEED = 20_261;
const latin = (text: string): Buffer => Buffer.from(text, 'latin1');
const n16 = (value: number): Buffer => Buffer.from([value >> 8, value & 255]);
const n32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};
const box = (type: string, ...body: (Buffer | string)[]): Buffer => {
  const data = Buffer.concat(body.map((part) => (typeof part === 'string' ? latin(part) : part)));
  return Buffer.concat([n32(data.length + 8), latin(type), data]);
};
const wideBox = (type: string, body: Buffer): Buffer =>
  Buffer.concat([n32(1), latin(type), n32(0), n32(body.length + 16), body]);
const XMP_UUID = Buffer.from('be7acfcb97a942e89c71999491e3afac', 'hex');
const handler = (type: string): Buffer => box('hdlr', n32(0), n32(0), type, Buffer.alloc(12));
const FTYP = box('ftyp', 'mp42', n32(0), 'mp42isom');
const MDAT = box('mdat', 'PICTURES');
const film = (...moov: Buffer[]): Buffer => Buffer.concat([FTYP, box('moov', ...moov), MDAT]);
const item = (type: string, value: string): Buffer => box(type, box('data', n32(1), n32(0), value));

const el = (id: number[], ...body: (Buffer | string)[]): Buffer => {
  const data = Buffer.concat(body.map((part) => (typeof part === 'string' ? latin(part) : part)));
  return Buffer.concat([Buffer.from([...id, 0x08, 0, 0, 0]).subarray(0, id.length), vint(data.length), data]);
};
const vint = (value: number): Buffer => Buffer.from([0x40 | (value >> 8), value & 255]);
const simple = (name: string, value: string, ...more: Buffer[]): Buffer =>
  el([0x67, 0xc8], el([0x45, 0xa3], name), el([0x44, 0x87], value), ...more);
const EBML = el([0x1a, 0x45, 0xdf, 0xa3], el([0x42, 0x82], 'webm'));
const webm = (...parts: Buffer[]): Buffer => Buffer.concat([EBML, el([0x18, 0x53, 0x80, 0x67], ...parts)]);
const tags = (...parts: Buffer[]): Buffer => el([0x12, 0x54, 0xc3, 0x67], el([0x73, 0x73], ...parts));

/** A picture whose EXIF lies behind the head, or in it. */
function heic(isInHead: boolean, offset?: number): Buffer {
  const exif = Buffer.concat([n32(0), latin('MM\0*SECRET place, and more of it')]);
  const build = (at: number): Buffer => {
    const entry = (id: number, type: string): Buffer => box('infe', n32(0x02000000), n16(id), n16(0), type, '\0');
    const place = (id: number, method: number, from: number, length: number): Buffer =>
      Buffer.concat([n16(id), n16(method), n16(0), n16(1), n32(from), n32(length)]);
    const meta = box(
      'meta',
      n32(0),
      handler('pict'),
      box('iinf', n32(0), n16(2), entry(1, 'hvc1'), entry(2, 'Exif')),
      box(
        'iloc',
        n32(0x01000000),
        Buffer.from([0x44, 0]),
        n16(2),
        place(1, 0, at, 8),
        place(2, isInHead ? 1 : 0, isInHead ? 0 : (offset ?? at + 8), exif.length),
      ),
      ...(isInHead ? [box('idat', exif)] : []),
    );
    return Buffer.concat([
      box('ftyp', 'heic', n32(0), 'heic'),
      meta,
      box('mdat', 'PICTURES', ...(isInHead ? [] : [exif])),
    ]);
  };
  return build(build(0).indexOf('PICTURES'));
}

async function clean(type: string, bytes: Buffer): Promise<{ bytes: Buffer; mayKeepTags: boolean }> {
  const { plan, mayKeepTags } = await scanTags(type, reading(bytes), bytes.length);
  const result = plan ? sent(bytes, plan) : bytes;
  expect(result.length).toBe(bytes.length);
  return { bytes: result, mayKeepTags };
}

describe('tags that are removed', () => {
  const keys = (...names: string[]): Buffer =>
    box('keys', n32(0), n32(names.length), ...names.map((name) => box('mdta', name)));
  const apple = box(
    'meta',
    handler('mdta'),
    keys('com.apple.quicktime.location.ISO6709', 'com.apple.quicktime.title', 'com.apple.quicktime.make'),
    box('ilst', item('\0\0\0\x01', 'SECRET'), item('\0\0\0\x02', 'KEPT'), item('\0\0\0\x03', 'SECRET')),
  );
  const song = box(
    'meta',
    n32(0),
    handler('mdir'),
    box('ilst', item('\u00A9nam', 'KEPT'), item('covr', 'KEPT'), item('\u00A9xyz', 'SECRET')),
  );
  it.each([
    ['the place of a phone', 'video/mp4', film(box('udta', box('\u00A9xyz', 'SECRET'), box('\u00A9nam', 'KEPT')))],
    ['a place as 3GPP has it', 'video/mp4', film(box('udta', box('loci', 'SECRET'), box('titl', 'KEPT'), n32(0)))],
    [
      'those of a track',
      'video/quicktime',
      film(box('trak', box('tkhd', 'KEPT'), box('udta', box('\u00A9mak', 'SECRET')))),
    ],
    ['keys of QuickTime', 'video/quicktime', film(apple)],
    ['the place of a song', 'audio/mp4', film(box('udta', song))],
    ['XMP', 'video/mp4', Buffer.concat([film(box('mvhd', 'KEPT')), box('uuid', XMP_UUID, 'SECRET')])],
    ['a long box', 'video/mp4', film(box('udta', wideBox('\u00A9xyz', latin('SECRET')), box('name', 'KEPT')))],
    ['a tag of WebM', 'video/webm', webm(tags(simple('TITLE', 'KEPT'), simple('LOCATION', 'SECRET')))],
    [
      'a long one',
      'video/webm',
      webm(tags(simple('TITLE', 'KEPT'), simple('RECORDING_LOCATION', 'SECRET'.repeat(50)))),
    ],
    ['a tag in another', 'video/x-matroska', webm(tags(simple('TITLE', 'KEPT', simple('GPS', 'SECRET'))))],
  ])('%s', async (_name, type, bytes) => {
    const result = await clean(type, bytes);
    expect(result.mayKeepTags).toBe(false);
    expect(result.bytes.includes('SECRET')).toBe(false);
    expect(result.bytes.includes('KEPT')).toBe(true);
    // Done once, nothing is left to do.
    expect((await scanTags(type, reading(result.bytes), result.bytes.length)).plan).toBeNull();
  });

  it('of HEIC, wherever they lie', async () => {
    for (const isInHead of [true, false]) {
      const bytes = heic(isInHead);
      const result = await clean('image/heic', bytes);
      expect(result.mayKeepTags).toBe(false);
      expect(result.bytes.includes('SECRET')).toBe(false);
      expect(result.bytes.includes('PICTURES')).toBe(true);
    }
  });

  it('of a real AVIF, which is the same picture after', async () => {
    const make = plain(64, 48).withExif({ IFD0: { Make: 'SecretCamera' } });
    const bytes = await make.avif().toBuffer();
    const result = await clean('image/avif', bytes);
    expect(bytes.includes('SecretCamera')).toBe(true);
    expect(result.bytes.includes('SecretCamera')).toBe(false);
    const { default: sharp } = await import('sharp');
    expect((await sharp(result.bytes).raw().toBuffer()).equals(await sharp(bytes).raw().toBuffer())).toBe(true);
  });
});

describe('files that are not as they should be', () => {
  const nested = (depth: number): Buffer => {
    let bytes = box('udta', box('\u00A9xyz', 'SECRET'));
    for (let n = 0; n < depth; n += 1) bytes = box('moov', bytes);
    return bytes;
  };
  it.each([
    ['a head without its box', 'video/mp4', film().subarray(0, -3)],
    ['a size smaller than the head', 'video/mp4', Buffer.concat([FTYP, n32(4), latin('moov')])],
    ['a long size that is none', 'video/mp4', Buffer.concat([FTYP, n32(1), latin('moov'), n32(0), n32(3)])],
    ['a thousand boxes in each other', 'video/mp4', nested(1000)],
    [
      'a camera that notes its place all along',
      'video/mp4',
      film(box('trak', box('mdia', box('minf', box('stbl', box('stsd', n32(0), n32(1), box('gpmd', n32(0)))))))),
    ],
    ['EXIF that lies over the head', 'image/heic', heic(false, 4)],
    ['EXIF that lies over the picture', 'image/heic', heic(false, heic(false).indexOf('PICTURES'))],
    ['EXIF that lies outside', 'image/heic', heic(false, 1_000_000)],
    ['an element without an id', 'video/webm', Buffer.concat([EBML, Buffer.alloc(9)])],
    ['a place in Ogg', 'video/ogg', latin('OggS...LOCATION=here')],
  ])('%s: it says so', async (_name, type, bytes) => {
    expect((await clean(type, bytes)).mayKeepTags).toBe(true);
  });

  it('end soon, keep their length, and change nothing but what is there', async () => {
    console.info(`seed ${SEED}`);
    const seeds = [heic(true), heic(false), nested(3), webm(tags(simple('LOCATION', 'SECRET')))];
    const types = ['video/mp4', 'audio/mp4', 'image/heic', 'image/avif', 'video/webm', 'video/x-matroska', 'none'];
    const damage = fc.array(fc.tuple(fc.nat(400), fc.constantFrom(0, 1, 8, 0x7f, 0xff)), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...seeds),
        fc.constantFrom(...types),
        damage,
        fc.nat(400),
        async (seed, type, hits, cut) => {
          const bytes = Buffer.from(seed.subarray(0, Math.max(1, seed.length - (cut % 40))));
          for (const [at, value] of hits) bytes[at % bytes.length] = value;
          const before = Buffer.from(bytes);
          const { plan } = await scanTags(type, reading(bytes), bytes.length);
          expect(bytes.equals(before)).toBe(true);
          if (plan) expect(sent(bytes, { ...plan, segments: planFrom(plan, 0) }).length).toBe(bytes.length);
        },
      ),
      { seed: SEED, numRuns: 1500 },
    );
  });

  it('of a picture in half a million pieces are found without comparing each with each', async () => {
    const EACH = 65_000;
    const KEPT = 7;
    const entry = (id: number, type: string): Buffer => box('infe', n32(0x02000000), n16(id), n16(0), type, '\0');
    const head = box('ftyp', 'heic', n32(0), 'heic');
    const build = (at: number): Buffer => {
      const place = (id: number): Buffer => {
        const extents = Buffer.alloc(EACH * 8);
        // Every other byte, so that no two of a part touch.
        for (let n = 0; n < EACH; n += 1) {
          extents.writeUInt32BE(at + ((id - 1) * EACH + n) * 2, n * 8);
          extents.writeUInt32BE(1, n * 8 + 4);
        }
        return Buffer.concat([n16(id), n16(0), n16(0), n16(EACH), extents]);
      };
      const ids = Array.from({ length: KEPT + 1 }, (_, n) => n + 1);
      const list = ids.map((id) => entry(id, id > KEPT ? 'Exif' : 'hvc1'));
      const table = box('iloc', n32(0x01000000), Buffer.from([0x44, 0]), n16(KEPT + 1), ...ids.map(place));
      const meta = box('meta', n32(0), handler('pict'), box('iinf', n32(0), n16(KEPT + 1), ...list), table);
      return Buffer.concat([head, meta, box('mdat', Buffer.alloc((KEPT + 1) * EACH * 2, 1))]);
    };
    const start = build(0).length - (KEPT + 1) * EACH * 2;
    const { bytes, mayKeepTags } = await clean('image/heic', build(start));
    expect(mayKeepTags).toBe(false);
    const own = bytes.subarray(start + KEPT * EACH * 2);
    expect([bytes[start], own[0], own[1], own[2]]).toEqual([1, 0, 1, 0]);
  });

  it('of many gigabytes are read by their heads alone', async () => {
    const size = 8 * 1024 ** 3;
    const tail = box('moov', box('udta', box('\u00A9xyz', 'SECRET')));
    const head = Buffer.concat([
      FTYP,
      n32(1),
      latin('mdat'),
      n32(Math.floor((size - FTYP.length - tail.length) / 2 ** 32)),
    ]);
    const whole = Buffer.concat([head, n32((size - FTYP.length - tail.length) % 2 ** 32)]);
    let read = 0;
    const { plan } = await scanTags(
      'video/mp4',
      async (at, length) => {
        read += length;
        const bytes = Buffer.alloc(length);
        whole.copy(bytes, 0, Math.min(at, whole.length));
        if (at + length > size - tail.length)
          tail.copy(bytes, Math.max(0, size - tail.length - at), Math.max(0, at - size + tail.length));
        return bytes;
      },
      size,
    );
    expect(plan?.size).toBe(size);
    expect(read).toBeLessThan(64 * 1024);
  });
});
