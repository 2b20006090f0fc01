/** The audio engine. */
import type { AudioEngine, AudioEvent } from './types.ts';

/** Creates the engine; `hear` is told what happens. */
export function createAudioEngine(hear: (event: AudioEvent) => void): AudioEngine {
  hear({ kind: 'failed', reason: 'load', prepared: false });
  throw new Error('not yet');
}
