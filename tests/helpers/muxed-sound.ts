/** Puts packets of sound, as an encoder gives them, into the files that people have: Ogg and M4A. */
import { box, FTYP } from './container-samples.ts';

const u16 = (value: number): number[] => [(value >> 8) & 255, value & 255];
const u32 = (value: number): number[] => [...u16(value >>> 16), ...u16(value & 0xffff)];

/** Packets with the header that their codec has in Ogg, such as "OpusHead". */
export interface EncodedSound {
  head: Buffer;
  packets: readonly Buffer[];
}

interface OggPage {
  flags: number;
  granule: number;
  serial: number;
  sequence: number;
  laces: readonly number[];
  body: Buffer;
}

/** The check sum of Ogg: the polynomial of Ethernet, neither mirrored nor inverted. */
function oggSum(bytes: Buffer): number {
  let sum = 0;
  for (const byte of bytes) {
    sum = (sum ^ (byte << 24)) >>> 0;
    for (let bit = 0; bit < 8; bit += 1) sum = ((sum & 0x80000000) === 0 ? sum << 1 : (sum << 1) ^ 0x04c11db7) >>> 0;
  }
  return sum;
}

function oggPage({ flags, granule, serial, sequence, laces, body }: OggPage): Buffer {
  const head = Buffer.alloc(27);
  head.write('OggS', 0, 'latin1');
  head[5] = flags;
  head.writeBigUInt64LE(BigInt(granule), 6);
  head.writeUInt32LE(serial, 14);
  head.writeUInt32LE(sequence, 18);
  head[26] = laces.length;
  const page = Buffer.concat([head, Buffer.from(laces), body]);
  page.writeUInt32LE(oggSum(page), 22);
  return page;
}

/**
 * One stream of Ogg: a page for each header, then pages that are as full as they get, so that packets run over their borders.
 * @param step samples of a packet
 */
export function oggFile(headers: readonly Buffer[], packets: readonly Buffer[], step: number, serial = 7): Buffer {
  const lacesOf = (packet: Buffer): number[] => [
    ...Array<number>(Math.floor(packet.length / 255)).fill(255),
    packet.length % 255,
  ];
  const pages: Buffer[] = [];
  const add = (flags: number, granule: number, laces: readonly number[], body: Buffer): void => {
    pages.push(oggPage({ flags, granule, serial, sequence: pages.length, laces, body }));
  };
  headers.forEach((header, n) => add(n === 0 ? 2 : 0, 0, lacesOf(header), header));
  const laces = packets.flatMap((packet, n) => lacesOf(packet).map((lace) => ({ lace, n })));
  const body = Buffer.concat(packets);
  let from = 0;
  for (let at = 0; at < laces.length; at += 255) {
    const own = laces.slice(at, at + 255);
    const size = own.reduce((sum, { lace }) => sum + lace, 0);
    const continues = (laces[at - 1]?.lace ?? 0) === 255 ? 1 : 0;
    const ends = at + 255 >= laces.length ? 4 : 0;
    const whole = own.findLast(({ lace }) => lace < 255)?.n ?? -1;
    add(
      continues | ends,
      (whole + 1) * step,
      own.map(({ lace }) => lace),
      body.subarray(from, from + size),
    );
    from += size;
  }
  return Buffer.concat(pages);
}

/** An Opus file of packets of 20 ms. */
export function opusFile({ head, packets }: EncodedSound): Buffer {
  const tags = Buffer.concat([
    Buffer.from('OpusTags'),
    Buffer.from([4, 0, 0, 0]),
    Buffer.from('test'),
    Buffer.alloc(4),
  ]);
  return oggFile([head, tags], packets, 960);
}

/**
 * An M4A file with its header at the end, as recorders write it, and a few packets in each chunk.
 * @param entry the box that describes the codec, in `stsd`
 * @param step samples of a packet, at `rate` samples per second
 */
export function m4aFile(entry: Buffer, packets: readonly Buffer[], step: number, rate: number, perChunk = 7): Buffer {
  const full = (type: string, ...body: number[][]): Buffer => box(type, u32(0), body.flat());
  const chunks = Array.from({ length: Math.ceil(packets.length / perChunk) }, (_, n) =>
    Buffer.concat(packets.slice(n * perChunk, (n + 1) * perChunk)),
  );
  const data = box('mdat', ...chunks);
  let at = FTYP.length + 8;
  const places = chunks.map((chunk) => {
    at += chunk.length;
    return at - chunk.length;
  });
  const rest = packets.length % perChunk;
  const runs = [[...u32(1), ...u32(perChunk), ...u32(1)]];
  if (rest > 0 && chunks.length > 1) runs.push([...u32(chunks.length), ...u32(rest), ...u32(1)]);
  const length = packets.length * step;
  const stbl = box(
    'stbl',
    box('stsd', u32(0), u32(1), entry),
    full('stts', u32(1), u32(packets.length), u32(step)),
    full('stsc', u32(runs.length), runs.flat()),
    full(
      'stsz',
      u32(0),
      u32(packets.length),
      packets.flatMap(({ length: size }) => u32(size)),
    ),
    full('stco', u32(places.length), places.flatMap(u32)),
  );
  const minf = box('minf', full('smhd', u32(0)), box('dinf', box('dref', u32(0), u32(1), box('url ', u32(1)))), stbl);
  const media = box(
    'mdia',
    full('mdhd', u32(0), u32(0), u32(rate), u32(length), u32(0x55c40000)),
    box('hdlr', u32(0), u32(0), Buffer.from('soun'), Buffer.alloc(13)),
    minf,
  );
  const matrix = [0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000].flatMap(u32);
  const track = box(
    'tkhd',
    u32(7),
    [0, 0, 1, 0].flatMap(u32),
    u32(length),
    // Two numbers without a meaning, layer, group, and the volume.
    [0, 0].flatMap(u32),
    [0, 0, 0x100, 0].flatMap(u16),
    matrix,
    u32(0),
    u32(0),
  );
  const movie = box(
    'mvhd',
    [0, 0, 0, rate, length, 0x10000].flatMap(u32),
    u16(0x100),
    Buffer.alloc(10),
    matrix,
    Buffer.alloc(24),
    u32(2),
  );
  return Buffer.concat([FTYP, data, box('moov', movie, box('trak', track, media))]);
}

/** The description of AAC of one channel. @param setup its AudioSpecificConfig */
export function aacEntry(rate: number, setup: readonly number[]): Buffer {
  const tagged = (tag: number, ...body: (readonly number[])[]): number[] => [tag, body.flat().length, ...body.flat()];
  const decoder = tagged(4, [0x40, 0x15, 0, 0, 0], u32(0), u32(0), tagged(5, setup));
  const esds = box('esds', u32(0), tagged(3, u16(0), [0], decoder, tagged(6, [2])));
  const head = [Buffer.alloc(6), u16(1), Buffer.alloc(8), u16(1), u16(16), Buffer.alloc(4), u32(rate * 65_536)];
  return box('mp4a', ...head, esds);
}

/** The description of Opus in MP4, for up to two channels. */
export function opusEntry(channels: number, preSkip: number): Buffer {
  const about = box('dOps', [0, channels], u16(preSkip), u32(48_000), u16(0), [0]);
  const head = [
    Buffer.alloc(6),
    u16(1),
    Buffer.alloc(8),
    u16(channels),
    u16(16),
    Buffer.alloc(4),
    u32(48_000 * 65_536),
  ];
  return box('Opus', ...head, about);
}

/** Samples before the sound, after it, and of it. */
export type SampleCounts = readonly [before: number, after: number, samples: number];

/**
 * An M4A, whose header is its last box, with the comment `iTunSMPB` in place of its edit list and of its tags.
 */
export function itunesM4a(file: Buffer, [before, after, samples]: SampleCounts): Buffer {
  const at = file.indexOf('moov', 0, 'latin1') - 4;
  const hex = (value: number, digits: number): string => value.toString(16).toUpperCase().padStart(digits, '0');
  const text = [0, before, after].map((one) => hex(one, 8)).join(' ');
  const comment = ` ${text} ${hex(samples, 16)}${` ${hex(0, 8)}`.repeat(8)}`;
  const names = [box('mean', u32(0), Buffer.from('com.apple.iTunes')), box('name', u32(0), Buffer.from('iTunSMPB'))];
  const item = box('----', ...names, box('data', u32(1), u32(0), Buffer.from(comment)));
  const handler = box('hdlr', u32(0), u32(0), Buffer.from('mdirappl'), Buffer.alloc(9));
  const tags = box('udta', box('meta', u32(0), handler, box('ilst', item)));
  const moov = Buffer.from(file.subarray(at + 8));
  // What is "free" is passed over.
  for (const type of ['edts', 'udta']) {
    const old = moov.indexOf(type, 0, 'latin1');
    if (old >= 0) moov.write('free', old, 'latin1');
  }
  return Buffer.concat([file.subarray(0, at), box('moov', moov, tags)]);
}
