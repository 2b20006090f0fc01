/** Containers of videos and recordings, without anything in them that could be played. */

function u32(...values: number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  values.forEach((value, n) => bytes.writeUInt32BE(value >>> 0, n * 4));
  return bytes;
}

/** A box of an MP4 file. */
export function box(type: string, ...bodies: (Buffer | number[])[]): Buffer {
  const body = Buffer.concat(bodies.map((part) => Buffer.from(part)));
  return Buffer.concat([u32(body.length + 8), Buffer.from(type, 'latin1'), body]);
}

export interface Mp4Track {
  id: number;
  timescale: number;
  /** In units of the timescale. */
  duration: number;
  width?: number;
  height?: number;
  /** A quarter turn. */
  turned?: boolean;
}

function trak({ id, timescale, duration, width = 0, height = 0, turned = false }: Mp4Track): Buffer {
  const matrix = turned
    ? u32(0, 0x10000, 0, -0x10000, 0, 0, 0, 0, 0x40000000)
    : u32(0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000);
  const header = Buffer.concat([u32(7, 0, 0, id, 0, 0, 0, 0, 0, 0), matrix, u32(width * 65_536, height * 65_536)]);
  return box('trak', box('tkhd', header), box('mdia', box('mdhd', u32(0, 0, 0, timescale, duration, 0))));
}

/** The header of a file; `each` is the duration of samples where fragments do not say. */
export function moov(
  tracks: readonly Mp4Track[],
  { seconds = 0, each }: { seconds?: number; each?: number } = {},
): Buffer {
  const fragments = tracks.map(({ id }) => box('trex', u32(0, id, 1, each ?? 0, 0, 0)));
  const mvhd = box('mvhd', u32(0, 0, 0, 1000, seconds * 1000), Buffer.alloc(80));
  return box('moov', mvhd, ...tracks.map(trak), ...(each === undefined ? [] : [box('mvex', ...fragments)]));
}

/** A fragment. @param durations of its samples; a number means so many of the default duration. */
export function moof(id: number, at: number, durations: readonly number[] | number): Buffer {
  const run =
    typeof durations === 'number'
      ? u32(1, durations, 0)
      : u32(0x301, durations.length, 0, ...durations.flatMap((one) => [one, 10]));
  return box(
    'moof',
    box('mfhd', u32(0, 1)),
    box('traf', box('tfhd', u32(0x20000, id)), box('tfdt', u32(0, at)), box('trun', run)),
  );
}

export const FTYP = box('ftyp', Buffer.from('isom\0\0\0\0isommp41', 'latin1'));

/** An element of a WebM file; `unknown` writes the size of live recordings. */
export function element(id: number, body: Buffer | number[] | 'unknown', ...inner: Buffer[]): Buffer {
  const name = Buffer.from(id.toString(16), 'hex');
  if (body === 'unknown') return Buffer.concat([name, Buffer.from('01ffffffffffffff', 'hex'), ...inner]);
  const all = Buffer.concat([Buffer.from(body), ...inner]);
  const size = Buffer.alloc(4);
  size.writeUInt32BE((0x10000000 | all.length) >>> 0, 0);
  return Buffer.concat([name, size, all]);
}

const float = (value: number): Buffer => {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(value, 0);
  return bytes;
};

/** A WebM file. @param clusters times of clusters, each with the times of its blocks in it; all in milliseconds. */
export function webm(options: {
  duration?: number;
  size?: { width: number; height: number };
  clusters: readonly { at: number; blocks: readonly number[] }[];
  live?: boolean;
}): Buffer {
  const { duration, size, clusters, live = false } = options;
  const two = (value: number): number[] => [value >> 8, value & 255];
  const info = element(
    0x1549a966,
    [],
    element(0x2ad7b1, [0x0f, 0x42, 0x40]),
    ...(duration === undefined ? [] : [element(0x4489, float(duration))]),
  );
  const video = size ? [element(0xe0, [], element(0xb0, two(size.width)), element(0xba, two(size.height)))] : [];
  const tracks = element(
    0x1654ae6b,
    [],
    element(0xae, [], element(0xd7, [1]), element(0x86, Buffer.from(size ? 'V_VP8' : 'A_OPUS')), ...video),
  );
  const bodies = clusters.map(({ at, blocks }) =>
    element(
      0x1f43b675,
      live ? 'unknown' : [],
      element(0xe7, two(at)),
      ...blocks.map((time) => element(0xa3, [0x81, ...two(time & 0xffff), 0x80, 1, 2, 3])),
    ),
  );
  const head = element(0x1a45dfa3, [], element(0x4282, Buffer.from('webm')));
  return Buffer.concat([head, element(0x18538067, live ? 'unknown' : [], info, tracks, ...bodies)]);
}
