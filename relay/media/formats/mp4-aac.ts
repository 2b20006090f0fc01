/** AAC in MP4: how the first track of sound is coded, and its packets. */
import { describedRate } from './aac-config.ts';
import type { AacPacket } from './adts.ts';
import type { Bytes } from './bytes.ts';
import { boxAt, boxesIn, findBox, MAX_MOOF_BYTES, MAX_MOOV_BYTES, topBoxes, type Box } from './mp4-boxes.ts';
import { defaultSize, fragmentSamples, tabledSamples, type Sample } from './mp4-samples.ts';

/** Bytes of a packet: 768 for each of 48 channels, and what may be beside them. */
const MOST_PACKET_BYTES = 64 * 1024;

/** Packets of one stream. */
export interface AacStream {
  /** In Hz. */
  rate: number;
  packets: AsyncIterable<AacPacket>;
}

/** Bytes of a sample entry of sound before its boxes, by its version: QuickTime has put more there twice. */
const ENTRY_BYTES = [28, 44, 64] as const;

/** The rate of a track in Hz; null where it is no AAC that is read here. */
function rateOf(buffer: Buffer, trak: Box): number | null {
  const described = findBox(buffer, trak, 'mdia', 'minf', 'stbl', 'stsd');
  const entry = described && boxAt(buffer, described.start + 8, described.end);
  if (entry?.type !== 'mp4a' || entry.end - entry.start < 28) return null;
  const start = entry.start + (ENTRY_BYTES[buffer.readUInt16BE(entry.start + 8)] ?? ENTRY_BYTES[0]);
  const inside: Box = { type: entry.type, start, end: entry.end };
  const esds = findBox(buffer, inside, 'esds') ?? findBox(buffer, inside, 'wave', 'esds');
  return esds && describedRate(buffer.subarray(esds.start, esds.end));
}

function idOf(buffer: Buffer, trak: Box): number {
  const header = findBox(buffer, trak, 'tkhd');
  const at = header === null ? 0 : header.start + (buffer[header.start] === 1 ? 20 : 12);
  return header !== null && at + 4 <= header.end ? buffer.readUInt32BE(at) : 0;
}

/** All samples of a track, without the tables of all fragments in memory. */
async function* samplesOf(bytes: Bytes, moov: Buffer, trak: Box): AsyncGenerator<Sample, void> {
  const table = findBox(moov, trak, 'mdia', 'minf', 'stbl');
  if (table !== null) yield* tabledSamples(moov, table);
  const whole: Box = { type: 'moov', start: 0, end: moov.length };
  if (findBox(moov, whole, 'mvex') === null) return;
  const id = idOf(moov, trak);
  const size = defaultSize(moov, whole, id);
  for await (const { type, begin, start, end } of topBoxes(bytes)) {
    if (type !== 'moof' || end - start > MAX_MOOF_BYTES) continue;
    yield* fragmentSamples(await bytes.read(start, end - start), begin, id, size);
  }
}

/** Packets up to the first that is not in the file: what comes then was cut off. */
async function* packetsOf(bytes: Bytes, moov: Buffer, trak: Box): AsyncGenerator<AacPacket, void> {
  for await (const { at, size } of samplesOf(bytes, moov, trak)) {
    if (size === 0 || size > MOST_PACKET_BYTES || at + size > bytes.size) return;
    yield { bytes: await bytes.read(at, size), blocks: 1, sumBytes: 0 };
  }
}

/** Null where there is no AAC-LC. Throws nothing for any bytes. */
export async function mp4AacStream(bytes: Bytes): Promise<AacStream | null> {
  for await (const { type, start, end } of topBoxes(bytes)) {
    if (type !== 'moov') continue;
    if (end - start > MAX_MOOV_BYTES) return null;
    const moov = await bytes.read(start, end - start);
    for (const trak of boxesIn(moov)) {
      const rate = trak.type === 'trak' ? rateOf(moov, trak) : null;
      if (rate !== null) return { rate, packets: packetsOf(bytes, moov, trak) };
    }
    return null;
  }
  return null;
}
