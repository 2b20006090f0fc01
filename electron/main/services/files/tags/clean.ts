/** How films, sound and pictures in containers are sent without where they were made and with which device. */
import { Bytes, type ReadAt } from '../pictures/bytes.ts';
import type { SendPlan } from '../pictures/plan.ts';
import { cleanParts } from './heif.ts';
import { IsoFile } from './iso.ts';
import { cleanIso } from './mp4.ts';
import { Patches } from './patches.ts';
import { cleanEbml } from './webm.ts';

/** Bytes read at once: we go from head to head, and what lies between is not needed. */
const WINDOW = 4096;
/** Bytes of an Ogg file in which its notes stand. */
const OGG_HEAD = 64 * 1024;

type Clean = (bytes: Bytes, patches: Patches) => Promise<void>;

const cleanFilm: Clean = (bytes, patches) => cleanIso(new IsoFile(bytes, patches), 0, bytes.size);

const cleanPicture: Clean = async (bytes, patches) => {
  const file = new IsoFile(bytes, patches);
  await cleanIso(file, 0, bytes.size, (meta) => cleanParts(file, meta));
};

/** Each page of Ogg has a sum of its own: notes are only looked for. */
const lookAtOgg: Clean = async (bytes, patches) => {
  const head = await bytes.at(0, Math.min(OGG_HEAD, bytes.size));
  if (head && /(?:location|gps[a-z_]*|geo[a-z_]*)=/i.test(Buffer.from(head).toString('latin1')))
    patches.isWhole = false;
};

const CLEANS: Readonly<Record<string, Clean>> = {
  'video/mp4': cleanFilm,
  'video/quicktime': cleanFilm,
  'audio/mp4': cleanFilm,
  'video/webm': cleanEbml,
  'audio/webm': cleanEbml,
  'video/x-matroska': cleanEbml,
  'image/heic': cleanPicture,
  'image/heif': cleanPicture,
  'image/avif': cleanPicture,
  'video/ogg': lookAtOgg,
  'audio/ogg': lookAtOgg,
};

export interface TagScan {
  /** The file without the tags that were found, as long as before; null when there are none. */
  plan: SendPlan | null;
  /** Tags may be left: it is damaged, or holds them where they cannot be removed. */
  mayKeepTags: boolean;
}

/** Looks for tags in a container of a sniffed type. Reads heads, whatever the file's size. */
export async function scanTags(type: string, read: ReadAt, size: number): Promise<TagScan> {
  const clean = Object.hasOwn(CLEANS, type) ? CLEANS[type] : undefined;
  const patches = new Patches();
  await clean?.(new Bytes(read, size, WINDOW), patches);
  return { plan: patches.plan(size), mayKeepTags: !patches.isWhole };
}
