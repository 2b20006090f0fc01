/**
 * Pictures in the ISO container (HEIC, AVIF) without EXIF and XMP: these are parts of their own, listed in the head, and
 * overwritten where they lie. How a picture is turned stands elsewhere in the head, and stays.
 */
import { ascii, latin1, u16, u32 } from '../pictures/bytes.ts';
import type { Box, IsoFile } from './iso.ts';

/** Bytes of the tables that are read: one of a picture of a thousand tiles has some ten thousand. */
const MOST_TABLE_BYTES = 4 * 1024 * 1024;
const MOST_PARTS = 65_536;

interface Extent {
  from: number;
  to: number;
}

type PartKind = 'exif' | 'xmp';

/** EXIF data that state nothing: where their header begins, the header, and an empty table. */
const NO_EXIF = Uint8Array.from([0, 0, 0, 0, 0x4d, 0x4d, 0, 42, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0]);
const NO_XMP = ascii('<x:xmpmeta xmlns:x="adobe:ns:meta/"/>');

/** What is written over a part; the rest of it are zeros, or spaces in a text. */
function emptied(kind: PartKind, length: number): Uint8Array | null {
  const bytes = kind === 'exif' ? NO_EXIF : NO_XMP;
  return length >= bytes.length ? bytes : null;
}

/** The parts that hold tags, by their number. */
async function taggedParts(file: IsoFile, list: Box): Promise<Map<number, PartKind>> {
  const parts = new Map<number, PartKind>();
  const head = await file.bytes.at(list.body, 4);
  if (!head) return parts;
  for await (const box of file.boxes(list.body + (head[0] === 0 ? 6 : 8), list.end)) {
    if (box.type !== 'infe') continue;
    const entry = await file.bytes.at(box.body, Math.min(box.end - box.body, 256));
    const version = entry?.[0] ?? 0;
    if (!entry || entry.length < 12) {
      file.damaged();
      continue;
    }
    const isWide = version >= 3;
    const id = isWide ? u32(entry, 4) : u16(entry, 4);
    const rest = latin1(entry, isWide ? 10 : 8, entry.length);
    // Before version 2 there was no type: the media type alone tells.
    if (version >= 2 && rest.startsWith('Exif')) parts.set(id, 'exif');
    else if ((version < 2 || rest.startsWith('mime')) && rest.includes('rdf+xml')) parts.set(id, 'xmp');
  }
  return parts;
}

/** Reads the numbers of a table one after another; past its end they are null. */
class Table {
  readonly #bytes: Uint8Array;
  #at: number;

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes;
    this.#at = at;
  }

  take(length: number): number | null {
    if (this.#at + length > this.#bytes.length) return null;
    let value = 0;
    for (let n = 0; n < length; n += 1) value = value * 256 + (this.#bytes[this.#at + n] ?? 0);
    this.#at += length;
    return value;
  }
}

interface Part {
  id: number;
  extents: Extent[];
  /** They lie where we do not look. */
  isElsewhere: boolean;
}

/** Where the parts lie; null when the table is damaged. */
async function places(file: IsoFile, box: Box, data: Box | null): Promise<Part[] | null> {
  const length = box.end - box.body;
  const bytes = length <= MOST_TABLE_BYTES ? await file.bytes.at(box.body, length) : null;
  const version = bytes?.[0] ?? 3;
  if (!bytes || version > 2) return null;
  const [offsetBytes, lengthBytes] = [(bytes[4] ?? 0) >> 4, (bytes[4] ?? 0) & 15];
  const [baseBytes, indexBytes] = [(bytes[5] ?? 0) >> 4, version > 0 ? (bytes[5] ?? 0) & 15 : 0];
  const table = new Table(bytes, 6);
  const idBytes = version === 2 ? 4 : 2;
  const count = table.take(idBytes);
  if (count === null || count > MOST_PARTS) return null;
  const parts: Part[] = [];
  for (let n = 0; n < count; n += 1) {
    const id = table.take(idBytes);
    const method = version > 0 ? table.take(2) : 0;
    const reference = table.take(2);
    const base = table.take(baseBytes);
    const extentCount = table.take(2);
    if (id === null || method === null || reference === null || base === null || extentCount === null) return null;
    const kind = method & 15;
    const start = kind === 1 ? (data?.body ?? -1) : 0;
    const part: Part = { id, extents: [], isElsewhere: kind > 1 || reference !== 0 || start < 0 };
    for (let extent = 0; extent < extentCount; extent += 1) {
      table.take(indexBytes);
      const [offset, size] = [table.take(offsetBytes), table.take(lengthBytes)];
      // Extents without any bytes in the table would cost nothing to a hostile file.
      if (offset === null || size === null || offsetBytes + lengthBytes === 0) return null;
      part.extents.push({ from: start + base + offset, to: start + base + offset + size });
    }
    parts.push(part);
  }
  return parts;
}

/** What must not be written over, in order and joined: a hostile file names very many, each of which is looked for. */
class KeptBytes {
  readonly #runs: Extent[] = [];

  constructor(extents: readonly Extent[]) {
    for (const { from, to } of extents.toSorted((a, b) => a.from - b.from)) {
      const last = this.#runs.at(-1);
      if (to <= from) continue;
      if (last && from <= last.to) last.to = Math.max(last.to, to);
      else this.#runs.push({ from, to });
    }
  }

  meets({ from, to }: Extent): boolean {
    let [low, high] = [0, this.#runs.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#runs[middle]?.to ?? 0) > from) high = middle;
      else low = middle + 1;
    }
    const next = this.#runs[low];
    return next !== undefined && next.from < to;
  }
}

/** True when bytes are those of that part alone, and no table. */
function isOwn(file: IsoFile, extent: Extent, kept: KeptBytes): boolean {
  return extent.to > extent.from && extent.to <= file.bytes.size && !kept.meets(extent);
}

/** Overwrites EXIF and XMP of a picture. @param meta the box that lists its parts. */
export async function cleanParts(file: IsoFile, meta: Box): Promise<void> {
  let list: Box | null = null;
  let table: Box | null = null;
  let data: Box | null = null;
  for await (const box of file.boxes(meta.body + 4, meta.end)) {
    if (box.type === 'iinf') list = box;
    else if (box.type === 'iloc') table = box;
    else if (box.type === 'idat') data = box;
    else if (box.type === 'uuid' || box.type === 'xml ' || box.type === 'bxml') file.free(box);
  }
  const tagged = list ? await taggedParts(file, list) : new Map<number, PartKind>();
  if (tagged.size === 0) return;
  const parts = table ? await places(file, table, data) : null;
  if (!parts) return file.damaged();
  const kept = parts.filter(({ id, isElsewhere }) => !tagged.has(id) && !isElsewhere).flatMap(({ extents }) => extents);
  // The head of the file, and its tables.
  kept.push({ from: 0, to: 16 }, { from: meta.at, to: data ? data.body : meta.end });
  if (data) kept.push({ from: data.end, to: meta.end });
  const keptBytes = new KeptBytes(kept);
  const byId = new Map(parts.map((part) => [part.id, part]));
  for (const [id, kind] of tagged) {
    const part = byId.get(id);
    if (!part || part.isElsewhere || !part.extents.every((extent) => isOwn(file, extent, keptBytes))) {
      file.damaged();
      continue;
    }
    await empty(file, kind, part.extents);
  }
}

/** Writes over the bytes of one part, unless they have been already. */
async function empty(file: IsoFile, kind: PartKind, extents: readonly Extent[]): Promise<void> {
  for (const [n, { from, to }] of extents.entries()) {
    const start = n === 0 ? emptied(kind, to - from) : null;
    if (start) file.patches.write(from, start);
    file.patches.zero(from + (start?.length ?? 0), to);
  }
}
