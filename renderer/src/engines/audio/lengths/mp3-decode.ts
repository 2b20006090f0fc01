/** A few frames of MP3, decoded by the browser. */
import type { Frame } from '../mp3-places.ts';

/** Samples of each channel. Rejects when they cannot be decoded. */
export async function decodeMp3(frames: readonly Uint8Array[], like: Frame): Promise<Float32Array[]> {
  const config = { codec: 'mp3', sampleRate: like.samples / like.lasts, numberOfChannels: like.channels };
  const channels = Array.from({ length: like.channels }, () => new Float32Array(frames.length * like.samples));
  let count = 0;
  const broken = Promise.withResolvers<never>();
  const decoder = new AudioDecoder({
    output: (data) => {
      const { numberOfFrames } = data;
      for (const [planeIndex, samples] of channels.entries()) {
        if (planeIndex >= data.numberOfChannels || count + numberOfFrames > samples.length) continue;
        data.copyTo(samples.subarray(count, count + numberOfFrames), { planeIndex, format: 'f32-planar' });
      }
      count += numberOfFrames;
      data.close();
    },
    error: (error) => broken.reject(error),
  });
  try {
    decoder.configure(config);
    for (const [n, data] of frames.entries()) {
      const timestamp = Math.round(n * like.lasts * 1_000_000);
      decoder.decode(new EncodedAudioChunk({ type: 'key', timestamp, data }));
    }
    await Promise.race([decoder.flush(), broken.promise]);
  } finally {
    if (decoder.state !== 'closed') decoder.close();
  }
  return channels.map((samples) => samples.subarray(0, count));
}
