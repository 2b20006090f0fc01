/** The way of the sound: two inputs with a gain each, the splicer, the volume, the device. */
import type { Side, SplicerNews, SplicerOrder } from './splicer.ts';
import splicerUrl from './splicer.worklet.ts?worker&url';

/** Loudness may be raised by this much in dB: beyond it, loud music would be distorted. */
const MOST_GAIN = 6;
/** Seconds in which the volume changes: fast enough for a hand, slow enough not to be heard as a click. */
const VOLUME_SECONDS = 0.03;
/** Milliseconds until the device rests after a pause, when what was on its way has faded. */
const REST_MS = 400;

export interface Graph {
  readonly sampleRate: number;
  /** Leads an element to an input. @param gain dB */
  attach(side: Side, element: HTMLAudioElement, gain: number): void;
  order(order: SplicerOrder): void;
  volume(level: number): void;
  /** Lets sound through, or none; the device rests meanwhile. */
  run(on: boolean): void;
}

/** Builds it. Rejects when the audio thread does not take the splicer. */
export async function createGraph(hear: (news: SplicerNews) => void): Promise<Graph> {
  const context = new AudioContext();
  await context.audioWorklet.addModule(splicerUrl);
  const splicer = new AudioWorkletNode(context, 'splicer', {
    numberOfInputs: 2,
    outputChannelCount: [2],
    channelCount: 2,
    // More than two channels are mixed down before.
    channelCountMode: 'explicit',
  });
  splicer.port.onmessage = ({ data }: MessageEvent<SplicerNews>) => hear(data);
  const master = context.createGain();
  splicer.connect(master).connect(context.destination);
  const gains = [context.createGain(), context.createGain()] as const;
  gains[0].connect(splicer, 0, 0);
  gains[1].connect(splicer, 0, 1);
  /** An element has one source for its whole life, and howler uses its elements again. */
  const sources = new WeakMap<HTMLAudioElement, MediaElementAudioSourceNode>();
  const attached: [AudioNode | null, AudioNode | null] = [null, null];
  let rest: ReturnType<typeof setTimeout> | null = null;
  const order = (next: SplicerOrder): void => splicer.port.postMessage(next);

  return {
    sampleRate: context.sampleRate,
    attach(side, element, gain) {
      const source = sources.get(element) ?? context.createMediaElementSource(element);
      sources.set(element, source);
      attached[side]?.disconnect();
      source.disconnect();
      source.connect(gains[side]);
      attached[side] = source;
      gains[side].gain.value = 10 ** (Math.min(gain, MOST_GAIN) / 20);
    },
    order,
    volume(level) {
      master.gain.setTargetAtTime(level, context.currentTime, VOLUME_SECONDS);
    },
    run(on) {
      if (rest !== null) clearTimeout(rest);
      rest = null;
      order({ kind: 'run', on });
      const fail = (error: unknown): void => console.error('the audio device did not follow', error);
      // Never waited for: it settles when a person has touched the page.
      if (on) context.resume().catch(fail);
      else rest = setTimeout(() => void context.suspend().catch(fail), REST_MS);
    },
  };
}
