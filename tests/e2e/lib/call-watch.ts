/** What a page's devices and connections do, counted from within: put there before the first call. */
import type { Page } from '@playwright/test';

interface Counted {
  tracks: MediaStreamTrack[];
  connections: RTCPeerConnection[];
  broken: Partial<Record<'audio' | 'video', string>>;
}

declare global {
  interface Window {
    counted?: Counted;
  }
}

export interface CallWatch {
  /** Tracks of devices that are still on. */
  liveTracks(kind?: 'audio' | 'video'): Promise<number>;
  openConnections(): Promise<number>;
  /** Including those that were closed. */
  allConnections(): Promise<number>;
  /** The loudest sample of the voice that is received, over half a second. */
  loudness(): Promise<number>;
  /** From now on this kind of device fails with an error of this name. */
  breakDevice(kind: 'audio' | 'video', error: string): Promise<void>;
}

export async function watchCalls(page: Page): Promise<CallWatch> {
  await page.evaluate(() => {
    const counted: Counted = { tracks: [], connections: [], broken: {} };
    window.counted = counted;
    const devices = navigator.mediaDevices;
    const real = devices.getUserMedia.bind(devices);
    devices.getUserMedia = async (constraints) => {
      const wanted = constraints?.video ? 'video' : 'audio';
      const name = counted.broken[wanted];
      if (name !== undefined) throw new DOMException('broken by the test', name);
      const stream = await real(constraints);
      counted.tracks.push(...stream.getTracks());
      return stream;
    };
    const Connection = RTCPeerConnection;
    window.RTCPeerConnection = class extends Connection {
      constructor(configuration?: RTCConfiguration) {
        super(configuration);
        counted.connections.push(this);
      }
    };
  });
  return {
    liveTracks: (kind) =>
      page.evaluate((wanted) => {
        const tracks = window.counted?.tracks ?? [];
        return tracks.filter((one) => one.readyState === 'live' && (wanted === null || one.kind === wanted)).length;
      }, kind ?? null),
    allConnections: () => page.evaluate(() => window.counted?.connections.length ?? 0),
    openConnections: () =>
      page.evaluate(
        () => (window.counted?.connections ?? []).filter(({ signalingState }) => signalingState !== 'closed').length,
      ),
    loudness: () =>
      page.evaluate(async () => {
        const connection = window.counted?.connections.at(-1);
        const track = connection?.getReceivers().find((receiver) => receiver.track.kind === 'audio')?.track;
        if (!track) return 0;
        const context = new AudioContext();
        const analyser = new AnalyserNode(context, { fftSize: 2048 });
        context.createMediaStreamSource(new MediaStream([track])).connect(analyser);
        const samples = new Float32Array(analyser.fftSize);
        let loudest = 0;
        for (let n = 0; n < 60; n++) {
          await new Promise((resolve) => setTimeout(resolve, 20));
          analyser.getFloatTimeDomainData(samples);
          loudest = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), loudest);
        }
        await context.close();
        return loudest;
      }),
    breakDevice: (kind, error) =>
      page.evaluate(
        ([which, name]) => {
          if (window.counted && which) window.counted.broken[which] = name;
        },
        [kind, error] as const,
      ),
  };
}
