/** The AudioWorklet around the splicer: a file of its own, loaded by the audio thread. */
import { Splicer, type SplicerOrder, type StereoBlock } from './splicer.ts';

// The audio thread's own globals, which the types of a page lack.
declare class AudioWorkletProcessor {
  readonly port: MessagePort;
}
declare const sampleRate: number;
declare function registerProcessor(name: string, processor: new () => AudioWorkletProcessor): void;

function stereo(channels: readonly Float32Array[] | undefined): StereoBlock {
  const left = channels?.[0];
  return left ? [left, channels[1] ?? left] : null;
}

class SplicerProcessor extends AudioWorkletProcessor {
  readonly #splicer = new Splicer(sampleRate, (news) => this.port.postMessage(news));

  constructor() {
    super();
    this.port.onmessage = ({ data }: MessageEvent<SplicerOrder>) => this.#splicer.order(data);
  }

  process(inputs: readonly (readonly Float32Array[])[], outputs: readonly (readonly Float32Array[])[]): boolean {
    const [left, right] = outputs[0] ?? [];
    if (left && right) this.#splicer.process([stereo(inputs[0]), stereo(inputs[1])], left, right);
    return true;
  }
}

registerProcessor('splicer', SplicerProcessor);
