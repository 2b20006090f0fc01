/** Sounds: how long they are, and how loud over time. Runs in the examiner only. */
import { open, readFile, rename, writeFile } from 'node:fs/promises';
import { parseFile, type IAudioMetadata, type IPicture } from 'music-metadata';
import { collectLevels, PEAKS, reduce, type Levels } from '#contract/model/levels.ts';
import { addAdtsLevels, addMp4AacLevels } from '../formats/aac.ts';
import { bytesOf, type Bytes } from '../formats/bytes.ts';
import { addFlacLevels, flacInfo } from '../formats/flac.ts';
import { id3Bytes } from '../formats/id3.ts';
import { addMp3Levels } from '../formats/mp3.ts';
import { mp4Timing } from '../formats/mp4.ts';
import type { Timing } from '../formats/timing.ts';
import { addVorbisLevels } from '../formats/vorbis.ts';
import { addWavLevels, wavDuration, wavFormat } from '../formats/wav.ts';
import { webmTiming } from '../formats/webm.ts';
import { TAG_LENGTH, type Found } from './messages.ts';

/** Bytes of a cover; a larger one is left where it is. */
const MAX_COVER_BYTES = 10 * 1024 * 1024;
/** Milliseconds for decoding: a file that takes longer has no waveform. */
const DECODE_MS = 6000;

/** Bytes of Ogg in which each stream has its first page, and how Vorbis begins there. */
const OGG_HEAD_BYTES = 1024;
const VORBIS_MAGIC = '\u0001vorbis';

/** Opens a file for random access while something reads it. */
export async function withBytes<T>(path: string, read: (bytes: Bytes) => Promise<T>): Promise<T> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    return await read(bytesOf(file, size));
  } finally {
    await file.close();
  }
}

/** What the containers that are read here say; null for all others. */
export function containerTiming(bytes: Bytes, mimeType: string): Promise<Timing> | null {
  switch (mimeType) {
    case 'audio/mp4':
    case 'video/mp4':
    case 'video/quicktime':
    case 'video/3gpp':
      return mp4Timing(bytes);
    case 'audio/webm':
    case 'video/webm':
    case 'video/x-matroska':
      return webmTiming(bytes);
    default:
      return null;
  }
}

/** The duration and the codec by the readers here; null where they do not read the format. */
function ownTiming(path: string, mimeType: string): Promise<Pick<Timing, 'duration' | 'codec'> | null> {
  return withBytes(path, async (bytes) => {
    const format = mimeType === 'audio/wav' ? await wavFormat(bytes) : null;
    if (format) return { duration: wavDuration(format) };
    return containerTiming(bytes, mimeType);
  });
}

const cut = (text: string | undefined): string | undefined => text?.slice(0, TAG_LENGTH);
const few = (texts: readonly string[] | undefined): string[] | undefined =>
  texts?.slice(0, 50).map((text) => text.slice(0, TAG_LENGTH));

/**
 * The artists as the file has them. The parser cuts an ID3v2.3 name at each slash, as that standard has it; people write
 * AC/DC.
 */
function artistsOf({ common, native }: IAudioMetadata): {
  artist?: string | undefined;
  artists?: string[] | undefined;
} {
  const { artist, artists = [] } = common;
  const cut = (native['ID3v2.3'] ?? []).flatMap(({ id, value }) => (id === 'TPE1' ? [value] : []));
  const isCut = artists.length > 1 && artists.join('/') === cut.join('/');
  return isCut ? { artist: artists.join('/') } : { artist, artists };
}

/** Loudness that Opus tags give against -23 LUFS, ReplayGain against -18: the difference, in dB. */
const R128_BELOW = 5;

/** Loudness correction by the tags, in dB. */
function gainOf({ common, native }: IAudioMetadata): number | undefined {
  const replayGain = common.replaygain_track_gain?.dB;
  if (replayGain !== undefined) return replayGain;
  const r128 = (native['vorbis'] ?? []).find(({ id }) => id.toUpperCase() === 'R128_TRACK_GAIN');
  const steps = r128 === undefined ? Number.NaN : Number(r128.value);
  return Number.isFinite(steps) ? steps / 256 + R128_BELOW : undefined;
}

function tagsOf(metadata: IAudioMetadata): Found['tags'] {
  const { title, album, genre, year, track } = metadata.common;
  const { artist, artists } = artistsOf(metadata);
  const texts = { title: cut(title), artist: cut(artist), album: cut(album), artists: few(artists), genre: few(genre) };
  const gain = gainOf(metadata);
  return { ...texts, year, track: { no: track.no }, ...(gain === undefined ? {} : { gain }) };
}

/** The front cover, or the first picture there is. */
function coverOf(pictures: readonly IPicture[] = []): Uint8Array | null {
  const picture = pictures.find(({ type = '' }) => /front/i.test(type)) ?? pictures[0];
  return picture && picture.data.length <= MAX_COVER_BYTES ? picture.data : null;
}

/** Tags, and the duration of the formats that are not read here. */
async function readTagged(path: string, own: number | null | undefined, report: (found: Found) => void): Promise<void> {
  const metadata = await parseFile(path, { duration: own === undefined });
  const { format, common } = metadata;
  if (own === undefined) report({ duration: rounded(format.duration ?? null) });
  report({ tags: tagsOf(metadata) });
  const cover = coverOf(common.picture);
  if (cover === null) return;
  // By its bytes, whatever its tag says: a link is not followed, and SVG is no picture here.
  const { examineCover } = await import('./picture.ts');
  if (await examineCover(cover, path)) report({ variant: 'cover' });
}

/** @returns false when the format is not read here, or takes too long. */
async function addLevels(path: string, mimeType: string, levels: Levels): Promise<boolean> {
  const end = performance.now() + DECODE_MS;
  const isLate = (): boolean => performance.now() > end;
  switch (mimeType) {
    case 'audio/wav':
      return withBytes(path, async (bytes) => {
        const format = await wavFormat(bytes);
        if (format) await addWavLevels(bytes, format, levels);
        return format !== null;
      });
    case 'audio/mpeg':
      return withBytes(path, async (bytes) => {
        await addMp3Levels(bytes, id3Bytes(await bytes.read(0, 10)), levels);
        return true;
      });
    case 'audio/mp4':
      return withBytes(path, (bytes) => addMp4AacLevels(bytes, levels, isLate));
    case 'audio/aac':
      return withBytes(path, (bytes) => addAdtsLevels(bytes, levels, isLate));
    case 'audio/ogg':
      return withBytes(path, async (bytes) => {
        if ((await bytes.read(0, OGG_HEAD_BYTES)).includes(VORBIS_MAGIC, 0, 'latin1'))
          return addVorbisLevels(bytes, levels, isLate);
        // Loaded where it is needed: the decoder takes a moment, and memory.
        const { addOpusLevels } = await import('../formats/opus.ts');
        return addOpusLevels(bytes, levels, isLate);
      });
    case 'audio/flac': {
      const file = await readFile(path);
      const info = flacInfo(file, id3Bytes(file));
      return info !== null && addFlacLevels(file, info, levels, isLate);
    }
    default:
      return false;
  }
}

function rounded(duration: number | null): number | null {
  return duration !== null && Number.isFinite(duration) && duration > 0 ? Math.round(duration * 1000) / 1000 : null;
}

/** Reports what it finds as it goes. @throws whatever the readers say of the bytes. */
export async function examineSound(path: string, mimeType: string, report: (found: Found) => void): Promise<void> {
  const timing = await ownTiming(path, mimeType);
  const own = timing?.duration;
  if (timing) report({ duration: rounded(timing.duration), ...(timing.codec ? { codec: timing.codec } : {}) });
  let failure: Error | null = null;
  try {
    await readTagged(path, own, report);
  } catch (error) {
    // The tags of a file that plays may be broken: its loudness is found all the same.
    failure = error instanceof Error ? error : new Error(String(error));
  }
  await addWaveform(path, mimeType, report);
  if (failure) throw failure;
}

async function addWaveform(path: string, mimeType: string, report: (found: Found) => void): Promise<void> {
  const levels = collectLevels();
  const points = (await addLevels(path, mimeType, levels)) ? levels.points() : null;
  if (points === null) return;
  const target = `${path}.waveform`;
  await writeFile(`${target}.new`, JSON.stringify(points.map((level) => Math.round(level * 255))));
  await rename(`${target}.new`, target);
  report({ variant: 'waveform', peaks: reduce(points, PEAKS) });
}

/** Size and duration of a video. */
export async function examineVideo(path: string, mimeType: string, report: (found: Found) => void): Promise<void> {
  const own = await withBytes(path, async (bytes) => containerTiming(bytes, mimeType));
  if (own) {
    const { width, height, duration } = own;
    const isShown = width !== null && height !== null && width > 0 && height > 0;
    report({ duration: rounded(duration), ...(isShown ? { width, height } : {}) });
    return;
  }
  const { format } = await parseFile(path, { duration: true, skipCovers: true });
  report({ duration: rounded(format.duration ?? null) });
}
