/** The waveform of a short sound, for servers that do not provide it: decoded here, at a low sample rate. */

/** Bytes of a sound that is decoded for its waveform: a quarter of an hour of speech. */
export const MOST_BYTES = 4_000_000;
/** Enough for loudness, and a sixth of the memory. */
const SAMPLE_RATE = 8_000;
const PEAKS = 128;

/** The loudest sample of each of `count` equal parts, from 0 to 1. Pure. */
export function peaksOf(samples: Float32Array, count: number): number[] {
  const parts = Math.min(count, samples.length);
  return Array.from({ length: parts }, (_, part) => {
    const from = Math.floor((part * samples.length) / parts);
    const to = Math.floor(((part + 1) * samples.length) / parts);
    let loudest = 0;
    for (let at = from; at < to; at++) loudest = Math.max(loudest, Math.abs(samples[at] ?? 0));
    return Math.min(1, loudest);
  });
}

/** Loads a sound and measures its waveform; null when it cannot be loaded or decoded, or is too long. */
export async function measureWaveform(address: string): Promise<number[] | null> {
  try {
    const answer = await fetch(address);
    if (!answer.ok) return null;
    const bytes = await answer.arrayBuffer();
    if (bytes.byteLength > MOST_BYTES) return null;
    const sound = await new OfflineAudioContext(1, 1, SAMPLE_RATE).decodeAudioData(bytes);
    return peaksOf(sound.getChannelData(0), PEAKS);
  } catch (error) {
    console.warn('a waveform cannot be measured', error);
    return null;
  }
}
