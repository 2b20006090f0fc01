/** Sounds: how long they are, and how loud over time. Runs in the examiner only. */
import { open, readFile, rename, writeFile } from 'node:fs/promises';
import { parseFile } from 'music-metadata';
import { bytesOf, type Bytes } from '../formats/bytes.ts';
import { addFlacLevels, flacInfo } from '../formats/flac.ts';
import { id3Bytes } from '../formats/id3.ts';
import { collectLevels, PEAKS, reduce, type Levels } from '../formats/levels.ts';
import { addMp3Levels } from '../formats/mp3.ts';
import { mp4Timing } from '../formats/mp4.ts';
import type { Timing } from '../formats/timing.ts';
import { addWavLevels, wavDuration, wavFormat } from '../formats/wav.ts';
import { webmTiming } from '../formats/webm.ts';
import type { Found } from './messages.ts';

/** Milliseconds for decoding: a file that takes longer has no waveform. */
const DECODE_MS = 6000;

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

async function durationOf(path: string, mimeType: string): Promise<number | null> {
  const own = await withBytes(path, async (bytes) => {
    const format = mimeType === 'audio/wav' ? await wavFormat(bytes) : null;
    if (format) return { duration: wavDuration(format) };
    return containerTiming(bytes, mimeType);
  });
  if (own) return own.duration;
  const { format } = await parseFile(path, { duration: true, skipCovers: true });
  return format.duration ?? null;
}

/** @returns false when the format is not read here, or takes too long. */
async function addLevels(path: string, mimeType: string, levels: Levels): Promise<boolean> {
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
    case 'audio/flac': {
      const file = await readFile(path);
      const info = flacInfo(file, id3Bytes(file));
      const end = performance.now() + DECODE_MS;
      return info !== null && addFlacLevels(file, info, levels, () => performance.now() > end);
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
  report({ duration: rounded(await durationOf(path, mimeType)) });
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
