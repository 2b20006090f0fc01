/** Packets of AAC and Opus in MP4 and M4A, by the tables of its header. Fragmented files are not read. */
import { letters, viewOf, type Sound, type SoundBytes } from './bytes.ts';

const MOST_HEADER_BYTES = 16 * 1024 * 1024;
/** Boxes at the top of a file, and packets of one. */
const MOST_BOXES = 1000;
const MOST_PACKETS = 5_000_000;
const MOST_PACKET_BYTES = 1024 * 1024;

/** The boxes of a box, each with its contents. */
export function* boxesIn(bytes: Uint8Array): Generator<{ type: string; body: Uint8Array }, void> {
  const view = viewOf(bytes);
  for (let at = 0; at + 8 <= bytes.length;) {
    const short = view.getUint32(at);
    const size = short === 0 ? bytes.length - at : short;
    if (size < 8 || at + size > bytes.length) return;
    yield { type: letters(bytes, at + 4, 4), body: bytes.subarray(at + 8, at + size) };
    at += size;
  }
}

/** The contents of a box inside of others; null when there is none. */
export function find(bytes: Uint8Array | null, ...path: string[]): Uint8Array | null {
  let found = bytes;
  for (const type of path) {
    if (found === null) return null;
    found = [...boxesIn(found)].find((box) => box.type === type)?.body ?? null;
  }
  return found;
}

/** The contents of `moov`; null when there is none, or one that is too large. */
export async function headerOf(bytes: SoundBytes): Promise<Uint8Array | null> {
  for (let at = 0, boxes = 0; at + 8 <= bytes.size && boxes < MOST_BOXES; boxes += 1) {
    const head = await bytes.read(at, 16);
    const view = viewOf(head);
    const short = view.getUint32(0);
    if (short === 1 && head.length < 16) return null;
    const size = short === 0 ? bytes.size - at : short === 1 ? Number(view.getBigUint64(8)) : short;
    const header = short === 1 ? 16 : 8;
    if (size < header) return null;
    if (letters(head, 4, 4) === 'moov')
      return size > MOST_HEADER_BYTES ? null : (await bytes.read(at + header, size - header)).slice();
    at += size;
  }
  return null;
}

/** The body of a descriptor with this tag, which must come next; null when another one does. */
function descriptor(bytes: Uint8Array, tag: number): Uint8Array | null {
  if (bytes[0] !== tag) return null;
  let length = 0;
  for (let at = 1; at < 5; at += 1) {
    const byte = bytes[at] ?? 0;
    length = length * 128 + (byte & 127);
    if (byte < 128) return bytes.subarray(at + 1, at + 1 + length);
  }
  return null;
}

/** How AAC is set up: the object type of MPEG-4 is in its first five bits. */
function aacConfig(esds: Uint8Array, sampleRate: number, numberOfChannels: number): AudioDecoderConfig | null {
  const stream = descriptor(esds.subarray(4), 3);
  if (stream === null) return null;
  const flags = stream[2] ?? 0;
  const url = (flags & 64) === 0 ? 0 : 1 + (stream[3 + ((flags & 128) === 0 ? 0 : 2)] ?? 0);
  const at = 3 + ((flags & 128) === 0 ? 0 : 2) + url + ((flags & 32) === 0 ? 0 : 2);
  const decoder = descriptor(stream.subarray(at), 4);
  const setup = decoder && descriptor(decoder.subarray(13), 5);
  if (!decoder || !setup || decoder[0] !== 0x40 || setup.length < 2) return null;
  const kind = (setup[0] ?? 0) >> 3;
  return { codec: `mp4a.40.${String(kind)}`, sampleRate, numberOfChannels, description: setup.slice() };
}

/** By the first entry of `stsd`; null for what is encrypted or of another codec. */
function configOf(entries: Uint8Array): AudioDecoderConfig | null {
  const [entry] = boxesIn(entries.subarray(8));
  if (entry === undefined || entry.body.length < 28) return null;
  const view = viewOf(entry.body);
  const [version, channels, rate] = [view.getUint16(8), view.getUint16(16), view.getUint32(24) >>> 16];
  const inner = entry.body.subarray(28 + (version === 1 ? 16 : version === 2 ? 36 : 0));
  if (entry.type === 'mp4a') {
    const esds = find(inner, 'esds') ?? find(inner, 'wave', 'esds');
    return esds && aacConfig(esds, rate, channels);
  }
  // More channels would need the table of how they are coupled.
  if (entry.type === 'Opus' && channels <= 2) return { codec: 'opus', sampleRate: 48_000, numberOfChannels: channels };
  return null;
}

interface Tables {
  /** Bytes of a packet. */
  sizeOf: (index: number) => number;
  count: number;
  offsetOf: (chunk: number) => number;
  chunks: number;
  /** From which chunk on there are how many packets in each. */
  runs: { first: number; packets: number }[];
}

function tablesOf(stbl: Uint8Array): Tables | null {
  const [sizes, places, runs] = [find(stbl, 'stsz'), find(stbl, 'stco') ?? find(stbl, 'co64'), find(stbl, 'stsc')];
  if (!sizes || !places || !runs || sizes.length < 12 || places.length < 8 || runs.length < 8) return null;
  const [sizeView, placeView, runView] = [viewOf(sizes), viewOf(places), viewOf(runs)];
  const isLong = find(stbl, 'stco') === null;
  const each = sizeView.getUint32(4);
  const count = sizeView.getUint32(8);
  const chunks = placeView.getUint32(4);
  const steps = runView.getUint32(4);
  const isWhole =
    count <= MOST_PACKETS &&
    (each > 0 || sizes.length >= 12 + count * 4) &&
    places.length >= 8 + chunks * (isLong ? 8 : 4) &&
    runs.length >= 8 + steps * 12;
  if (!isWhole || count === 0) return null;
  return {
    count,
    chunks,
    sizeOf: (index) => (each > 0 ? each : sizeView.getUint32(12 + index * 4)),
    offsetOf: (chunk) => (isLong ? Number(placeView.getBigUint64(8 + chunk * 8)) : placeView.getUint32(8 + chunk * 4)),
    runs: Array.from({ length: steps }, (_, n) => ({
      first: runView.getUint32(8 + n * 12) - 1,
      packets: runView.getUint32(12 + n * 12),
    })),
  };
}

async function* packetsOf(bytes: SoundBytes, tables: Tables): AsyncGenerator<Uint8Array, void> {
  let index = 0;
  let run = 0;
  for (let chunk = 0; chunk < tables.chunks && index < tables.count; chunk += 1) {
    while ((tables.runs[run + 1]?.first ?? Number.POSITIVE_INFINITY) <= chunk) run += 1;
    let at = tables.offsetOf(chunk);
    for (let left = tables.runs[run]?.packets ?? 0; left > 0 && index < tables.count; left -= 1, index += 1) {
      const size = tables.sizeOf(index);
      if (size > MOST_PACKET_BYTES || at + size > bytes.size) throw new RangeError('a packet of MP4 is not there');
      yield await bytes.read(at, size);
      at += size;
    }
  }
}

/** Null when it holds no sound that is read here. */
export async function mp4Sound(bytes: SoundBytes): Promise<Sound | null> {
  const moov = await headerOf(bytes);
  if (moov === null) return null;
  for (const { type, body } of boxesIn(moov)) {
    const handler = type === 'trak' ? find(body, 'mdia', 'hdlr') : null;
    if (handler === null || letters(handler, 8, 4) !== 'soun') continue;
    const stbl = find(body, 'mdia', 'minf', 'stbl');
    const entries = find(stbl, 'stsd');
    const tables = stbl && tablesOf(stbl);
    const config = entries && configOf(entries);
    return tables && config ? { config, packets: () => packetsOf(bytes, tables) } : null;
  }
  return null;
}
