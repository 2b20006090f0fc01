/**
 * Films and sound in the ISO container (MP4, MOV, M4V, M4A) without where they were made and with which device. What a
 * song says of itself stays: title, artist, cover. Everything is overwritten in place: tables of offsets stay right.
 */
import { ascii, latin1, u32 } from '../pictures/bytes.ts';
import type { Box, IsoFile } from './iso.ts';

/** Boxes that hold boxes with tags somewhere. */
const CONTAINERS: ReadonlySet<string> = new Set(['moov', 'trak', 'mdia', 'moof', 'traf', 'meco']);
/** What user data may go on saying: names, rights, chapters, how it is played. Cameras write anything else. */
const KEPT_USER_DATA: ReadonlySet<string> = new Set(
  (
    'free skip meta name titl perf auth albm gnre cprt dscp yrrc chpl hnti hinf tsel kind strk ludt loud tagc AllF SelO ' +
    'LOOP WLOC ptv  \u00A9nam \u00A9ART \u00A9alb \u00A9gen \u00A9wrt \u00A9com \u00A9cpy \u00A9too \u00A9lyr \u00A9grp \u00A9cmt \u00A9des'
  ).match(/.{4}(?= |$)/gsu) ?? [],
);
/** Tags of a song that go: the rest is its title, its cover and the like. */
const LOST_ITEMS: ReadonlySet<string> = new Set(['\u00A9xyz', 'loci', '\u00A9mak', '\u00A9mod', '\u00A9loc', 'GPS ']);
/** Keys that stay, by their last part; cameras write any others. */
const KEPT_KEY =
  /(?:^|[.:/])(?:title|displayname|artist|performer|author|album|genre|composer|copyright|track|track_number|disc|artwork|lyrics|comment|description|information|keywords|encoder|major_brand|minor_version|compatible_brands|capture\.fps|full-frame-rate-playback-intent)$/i;
/** Boxes named by a UUID without which a film does not play as it should: encryption, streaming, all-round pictures. */
const KEPT_UUIDS: readonly string[] = [
  'ffcc8263f8554a938814587a02521fdd',
  'a2394f525a9b4f14a2446c427c648df4',
  '8974dbce7be74c5184f97148f9882554',
  'd08a4f1810f34a82b6c832d8aba183d3',
  '6d1d9b0542d544e680e2141daff757b2',
  'd4807ef2ca3946958e5426cb9e46a79f',
];
/** Tracks in which a camera notes, all along, where it is. They lie among the pictures. */
const PLACE_TRACKS = /gpmd|camm|djmd|dbgi|CTMD|rtmd|location/;
/** Bytes of a list of keys, and of a track's description, that are looked at. */
const MOST_KEY_BYTES = 256 * 1024;
const MOST_KEYS = 4096;

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

async function isKeptUuid({ bytes }: IsoFile, box: Box): Promise<boolean> {
  const uuid = box.body + 16 <= box.end ? await bytes.at(box.body, 16) : null;
  return uuid !== null && KEPT_UUIDS.includes(hex(uuid));
}

/** The names of keys, in their order; the first one is number 1. */
async function keysOf(file: IsoFile, box: Box): Promise<string[]> {
  const bytes = await file.bytes.at(box.body, Math.min(box.end - box.body, MOST_KEY_BYTES));
  const keys: string[] = [];
  if (!bytes || bytes.length < 8) return keys;
  for (let at = 8; at + 8 <= bytes.length && keys.length < MOST_KEYS;) {
    const size = u32(bytes, at);
    if (size < 8 || at + size > bytes.length) break;
    keys.push(latin1(bytes, at + 8, Math.min(at + size, at + 8 + 256)));
    at += size;
  }
  return keys;
}

/** The name that a free tag (`----`) gives itself. */
async function freeName(file: IsoFile, item: Box): Promise<string> {
  for await (const box of file.boxes(item.body, item.end)) {
    if (box.type !== 'name') continue;
    const bytes = await file.bytes.at(box.body, Math.min(box.end - box.body, 256));
    return bytes ? latin1(bytes, 0, bytes.length) : '';
  }
  return '';
}

async function isLostItem(file: IsoFile, item: Box, keys: readonly string[] | null): Promise<boolean> {
  if (item.type === 'free') return false;
  if (keys) {
    const key = keys[u32(ascii(item.type), 0) - 1];
    // A key that is not listed says nothing, and may hold anything.
    return key === undefined || !KEPT_KEY.test(key);
  }
  return (
    LOST_ITEMS.has(item.type) || (item.type === '----' && /loc|gps|geo|make|model/i.test(await freeName(file, item)))
  );
}

/** Frees tags of a `meta` box: those of a list, and whole documents. */
async function cleanMeta(file: IsoFile, meta: Box): Promise<void> {
  // QuickTime's has no version before the first box.
  const start = await file.bytes.at(meta.body, 8);
  const from = start && latin1(start, 4, 8) === 'hdlr' ? meta.body : meta.body + 4;
  let keys: string[] | null = null;
  const lists: Box[] = [];
  for await (const box of file.boxes(from, meta.end)) {
    if (box.type === 'keys') keys = await keysOf(file, box);
    else if (box.type === 'ilst') lists.push(box);
    else if (box.type === 'xml ' || box.type === 'bxml') file.free(box);
    else if (box.type === 'uuid' && !(await isKeptUuid(file, box))) file.free(box);
  }
  for (const list of lists) {
    for await (const item of file.boxes(list.body, list.end)) {
      if (await isLostItem(file, item, keys)) file.free(item);
    }
  }
}

async function cleanUserData(file: IsoFile, data: Box): Promise<void> {
  for await (const box of file.boxes(data.body, data.end)) {
    if (box.type === 'meta') await cleanMeta(file, box);
    else if (!KEPT_USER_DATA.has(box.type)) file.free(box);
  }
}

/** A track of places cannot be taken out of the film: it is told instead. */
async function lookAtTrack(file: IsoFile, media: Box): Promise<void> {
  for await (const info of file.boxes(media.body, media.end)) {
    if (info.type !== 'minf') continue;
    for await (const table of file.boxes(info.body, info.end)) {
      if (table.type !== 'stbl') continue;
      for await (const box of file.boxes(table.body, table.end)) {
        if (box.type !== 'stsd') continue;
        const bytes = await file.bytes.at(box.body, Math.min(box.end - box.body, 4096));
        if (bytes && PLACE_TRACKS.test(latin1(bytes, 0, bytes.length))) file.damaged();
      }
    }
  }
}

/** Goes into containers; no deeper than real files do. */
async function cleanContainer(file: IsoFile, container: Box, depth: number): Promise<void> {
  if (container.type === 'mdia') await lookAtTrack(file, container);
  for await (const box of file.boxes(container.body, container.end)) {
    if (box.type === 'udta') await cleanUserData(file, box);
    else if (box.type === 'meta') await cleanMeta(file, box);
    else if (box.type === 'uuid') {
      if (!(await isKeptUuid(file, box))) file.free(box);
    } else if (CONTAINERS.has(box.type)) {
      if (depth > 0) await cleanContainer(file, box, depth - 1);
      else file.damaged();
    }
  }
}

/**
 * Frees the tags of a film.
 * @param onMeta takes the `meta` box beside the film, which in pictures lists their parts; else it is cleaned as any.
 */
export async function cleanIso(
  file: IsoFile,
  from: number,
  to: number,
  onMeta?: (meta: Box) => Promise<void>,
): Promise<void> {
  for await (const box of file.boxes(from, to)) {
    if (CONTAINERS.has(box.type)) await cleanContainer(file, box, 4);
    else if (box.type === 'udta') await cleanUserData(file, box);
    else if (box.type === 'meta') await (onMeta ?? ((meta: Box) => cleanMeta(file, meta)))(box);
    else if (box.type === 'uuid' && !(await isKeptUuid(file, box))) file.free(box);
    // What phones put behind: notes of theirs, and the film of a picture that moves.
    else if (box.type === 'sefd') file.free(box);
    else if (box.type === 'mpvd' && onMeta) await cleanIso(file, box.body, box.end);
  }
}
