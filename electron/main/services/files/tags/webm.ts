/**
 * Films in EBML (WebM, Matroska) without where they were made and with which device. A tag becomes an empty element of
 * the same length, so that everything else stays where it is.
 */
import { type Bytes, latin1 } from '../pictures/bytes.ts';
import type { Patches } from './patches.ts';

const ID = {
  head: 0x1a45dfa3,
  segment: 0x18538067,
  cluster: 0x1f43b675,
  tags: 0x1254c367,
  tag: 0x7373,
  simple: 0x67c8,
  name: 0x45a3,
  void: 0xec,
  crc: 0xbf,
} as const;

/** The parts of a film: one of them ends a cluster that does not say its length. */
const PARTS: ReadonlySet<number> = new Set([
  ...[ID.head, ID.segment, ID.cluster, ID.tags],
  ...[0x114d9b74, 0x1549a966, 0x1654ae6b, 0x1c53bb6b, 0x1941a469, 0x1043a770],
]);
/** What a camera or a phone notes. */
const LOST =
  /loc(?:ation|$)|gps|geo|latitude|longitude|altitude|^(?:make|model|manufacturer|device|camera|serial|author_url)$|com\.(?:apple|android|samsung|google|gopro|dji)|date_(?:recorded|digitized)|creation_?time|xmp|exif/i;
const MOST_ELEMENTS = 200_000;
/** A tag within a tag, and so on. */
const MOST_DEPTH = 8;
const MOST_NAME_BYTES = 256;

interface Element {
  id: number;
  at: number;
  body: number;
  end: number;
  /** It does not say where it ends. */
  isOpen: boolean;
}

class EbmlFile {
  readonly bytes: Bytes;
  readonly patches: Patches;
  #left = MOST_ELEMENTS;

  constructor(bytes: Bytes, patches: Patches) {
    this.bytes = bytes;
    this.patches = patches;
  }

  /** A number that says its own length. Null past the end of the part, or when it is none. */
  async #number(
    at: number,
    to: number,
    most: number,
    hasMark: boolean,
  ): Promise<{ value: number; next: number } | null> {
    const first = at < to ? (await this.bytes.at(at, 1))?.[0] : undefined;
    if (first === undefined || first === 0) return null;
    const length = Math.clz32(first) - 23;
    const bytes = length <= most && at + length <= to ? await this.bytes.at(at, length) : null;
    if (!bytes) return null;
    const mask = hasMark ? 0xff : (1 << (8 - length)) - 1;
    let value = first & mask;
    let isUnknown = !hasMark && value === mask;
    for (let n = 1; n < length; n += 1) {
      value = value * 256 + (bytes[n] ?? 0);
      isUnknown &&= bytes[n] === 0xff;
    }
    return { value: isUnknown ? -1 : value, next: at + length };
  }

  /** The element at an offset; null when there is none. */
  async element(at: number, to: number): Promise<Element | null> {
    this.#left -= 1;
    const id = this.#left >= 0 ? await this.#number(at, to, 4, true) : null;
    const size = id && (await this.#number(id.next, to, 8, false));
    if (!id || !size) return null;
    const isOpen = size.value < 0;
    const end = isOpen ? to : size.next + size.value;
    if (end > to) this.patches.isWhole = false;
    return { id: id.value, at, body: size.next, end: Math.min(end, to), isOpen };
  }

  async *elements(from: number, to: number): AsyncGenerator<Element, void> {
    for (let at = from; at < to;) {
      const element = await this.element(at, to);
      if (!element) {
        this.patches.isWhole = false;
        return;
      }
      yield element;
      at = element.end;
    }
  }

  /** Makes an element an empty one of the same length. */
  empty({ at, end }: Element): void {
    const length = end - at;
    const isShort = length - 2 < 127;
    const head = isShort ? [ID.void, 0x80 | (length - 2)] : [ID.void, 1, 0, 0, 0, 0, 0, 0, 0];
    if (!isShort)
      for (let n = 0, rest = length - 9; n < 7; n += 1, rest = Math.floor(rest / 256)) head[8 - n] = rest % 256;
    this.patches.write(at, Uint8Array.from(head));
    this.patches.zero(at + head.length, end);
  }
}

async function isLost(file: EbmlFile, tag: Element): Promise<boolean> {
  for await (const element of file.elements(tag.body, tag.end)) {
    if (element.id !== ID.name) continue;
    const name = await file.bytes.at(element.body, Math.min(element.end - element.body, MOST_NAME_BYTES));
    return name !== null && LOST.test(latin1(name, 0, name.length).replace(/\0+$/, ''));
  }
  return false;
}

/** Empties tags in a tag, or in the list of them. @returns true when there were some. */
async function cleanTags(file: EbmlFile, list: Element, depth: number): Promise<boolean> {
  let hasChanged = false;
  let sum: Element | null = null;
  for await (const element of file.elements(list.body, list.end)) {
    if (element.id === ID.crc) sum = element;
    if (element.id === ID.simple && (await isLost(file, element))) {
      file.empty(element);
      hasChanged = true;
    } else if (element.id === ID.simple || element.id === ID.tag) {
      if (depth === 0) file.patches.isWhole = false;
      else if (await cleanTags(file, element, depth - 1)) hasChanged = true;
    }
  }
  // It would not be right any more.
  if (hasChanged && sum) file.empty(sum);
  return hasChanged;
}

/** Where a cluster ends that does not say it: at the next part of the film. Null when that cannot be found. */
async function endOfCluster(file: EbmlFile, cluster: Element): Promise<number | null> {
  for (let at = cluster.body; at < cluster.end;) {
    const element = await file.element(at, cluster.end);
    if (!element) return null;
    if (PARTS.has(element.id)) return at;
    at = element.end;
  }
  return cluster.end;
}

async function cleanSegment(file: EbmlFile, segment: Element): Promise<void> {
  let hasChanged = false;
  let sum: Element | null = null;
  for (let at = segment.body; at < segment.end;) {
    const element = await file.element(at, segment.end);
    let end: number | null = element?.end ?? null;
    if (element?.id === ID.crc) sum = element;
    if (element?.id === ID.tags && (await cleanTags(file, element, MOST_DEPTH))) hasChanged = true;
    if (element?.isOpen && element.id === ID.cluster) end = await endOfCluster(file, element);
    if (end === null) {
      file.patches.isWhole = false;
      break;
    }
    at = end;
  }
  if (hasChanged && sum) file.empty(sum);
}

/** Empties the tags of a film. */
export async function cleanEbml(bytes: Bytes, patches: Patches): Promise<void> {
  const file = new EbmlFile(bytes, patches);
  for await (const element of file.elements(0, bytes.size)) {
    if (element.id === ID.segment) await cleanSegment(file, element);
  }
}
