/**
 * The waveform of a long sound: decoded packet by packet as it is read, beside the page's own thread, so that neither
 * the file nor its samples are in memory as a whole.
 */
import { collectLevels, LEVELS_PER_SECOND, reduce } from '#contract/model/levels.ts';
import { openBytes } from './bytes.ts';
import { openSound } from './packets.ts';

/** As many as the contract allows: its schemas are not for the page. */
const MOST_PEAKS = 256;
/** Bytes of a sound that is measured: an hour and more of music. */
const MOST_BYTES = 64 * 1024 * 1024;
/** Packets that wait in the decoder. */
const MOST_WAITING = 32;

interface Meter {
  add(data: AudioData): void;
  points(): number[] | null;
}

/** Collects the loudest sample of each fiftieth of a second; the louder channel counts. */
function createMeter(): Meter {
  const levels = collectLevels();
  let samples = new Float32Array(0);
  let [loudest, count] = [0, 0];
  return {
    add(data) {
      const { numberOfFrames, numberOfChannels, sampleRate } = data;
      const size = numberOfFrames * numberOfChannels;
      if (samples.length < size) samples = new Float32Array(size);
      for (let planeIndex = 0; planeIndex < numberOfChannels; planeIndex += 1) {
        const plane = samples.subarray(planeIndex * numberOfFrames, (planeIndex + 1) * numberOfFrames);
        data.copyTo(plane, { planeIndex, format: 'f32-planar' });
      }
      const step = Math.round(sampleRate / LEVELS_PER_SECOND);
      for (let frame = 0; frame < numberOfFrames; frame += 1) {
        for (let at = frame; at < size; at += numberOfFrames) loudest = Math.max(loudest, Math.abs(samples[at] ?? 0));
        count += 1;
        if (count < step) continue;
        levels.add(Math.min(1, loudest));
        [loudest, count] = [0, 0];
      }
    },
    points() {
      if (count > 0) levels.add(Math.min(1, loudest));
      return levels.points();
    },
  };
}

/** Resolves when the decoder has room. */
async function roomIn(decoder: AudioDecoder): Promise<void> {
  while (decoder.state === 'configured' && decoder.decodeQueueSize >= MOST_WAITING) {
    await new Promise((resolve) => decoder.addEventListener('dequeue', resolve, { once: true }));
  }
}

/** Decodes everything, and answers its loudness over time. Rejects when it cannot be read or decoded. */
async function decode(config: AudioDecoderConfig, packets: AsyncGenerator<Uint8Array, void>): Promise<number[] | null> {
  const meter = createMeter();
  const broken = Promise.withResolvers<never>();
  const decoder = new AudioDecoder({
    output: (data) => {
      meter.add(data);
      data.close();
    },
    error: (error) => broken.reject(error),
  });
  const work = async (): Promise<void> => {
    decoder.configure(config);
    let timestamp = 0;
    for await (const data of packets) {
      if (decoder.state === 'closed') return;
      decoder.decode(new EncodedAudioChunk({ type: 'key', timestamp, data }));
      // The order is all that counts.
      timestamp += 1000;
      await roomIn(decoder);
    }
    await decoder.flush();
  };
  try {
    await Promise.race([work(), broken.promise]);
  } finally {
    if (decoder.state !== 'closed') decoder.close();
  }
  return meter.points();
}

/**
 * Measures a sound at an address of this page: at most 256 numbers from 0 to 1, the loudest being 1. Null when it
 * is too long, or cannot be read, decoded or fetched: a part of it would be drawn as if it were the whole.
 */
export async function measureSound(address: string): Promise<number[] | null> {
  try {
    const bytes = await openBytes(address);
    const sound = bytes.size > MOST_BYTES ? null : await openSound(bytes);
    if (sound === null || !(await AudioDecoder.isConfigSupported(sound.config)).supported) return null;
    const points = await decode(sound.config, sound.packets());
    return points && reduce(points, MOST_PEAKS);
  } catch (error) {
    console.warn('a waveform cannot be measured', error);
    return null;
  }
}
