/**
 * The length of an M4A without an edit list, by the comment that iTunes writes instead: `iTunSMPB` counts the samples of the
 * sound and those that its encoder has put before and after them.
 */
import { commentedSamples } from '#contract/model/itunes-comment.ts';
import { letters, viewOf, type SoundBytes } from '../../wave/bytes.ts';
import { boxesIn, find, headerOf } from '../../wave/mp4.ts';

/** The comment's text; empty when there is none. */
function commentIn(moov: Uint8Array): string {
  const list = find(find(moov, 'udta', 'meta')?.subarray(4) ?? null, 'ilst');
  for (const { type, body } of boxesIn(list ?? new Uint8Array(0))) {
    const name = type === '----' ? find(body, 'name') : null;
    if (name !== null && letters(name, 4, 8) === 'iTunSMPB') return letters(find(body, 'data') ?? name, 8, 64);
  }
  return '';
}

/** Samples per second and samples of the first track of sound; null when there is none, or one that is edited. */
function trackIn(moov: Uint8Array): { rate: number; samples: number } | null {
  for (const { type, body } of boxesIn(moov)) {
    const handler = type === 'trak' ? find(body, 'mdia', 'hdlr') : null;
    if (handler === null || letters(handler, 8, 4) !== 'soun') continue;
    const clock = find(body, 'mdia', 'mdhd');
    if (clock === null || clock.length < 20 || clock[0] !== 0 || find(body, 'edts') !== null) return null;
    return { rate: viewOf(clock).getUint32(12), samples: viewOf(clock).getUint32(16) };
  }
  return null;
}

/** Seconds; null where there is no such comment, or one that is of another sound. */
export async function m4aLength(bytes: SoundBytes): Promise<number | null> {
  const moov = await headerOf(bytes);
  const track = moov && trackIn(moov);
  if (moov === null || track === null || track.rate === 0) return null;
  const samples = commentedSamples(commentIn(moov), track.samples);
  return samples > 0 ? samples / track.rate : null;
}
