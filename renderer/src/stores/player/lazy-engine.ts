/** The audio engine as a part of its own, loaded when the first sound is wanted. */
import type { AudioEngine, AudioEvent } from '../../engines/audio/types.ts';

type Job = (engine: AudioEngine) => void;

export interface LazyEngine {
  /** Runs it on the engine, in order; loads the engine before. */
  readonly run: (job: Job) => void;
  /** Runs it if there is an engine already. */
  readonly ifThere: (job: Job) => void;
}

/** @param failed the engine could not be loaded, and nothing of what was asked has happened. */
export function createLazyEngine(hear: (event: AudioEvent) => void, failed: () => void): LazyEngine {
  let engine: AudioEngine | null = null;
  let loading: Promise<void> | null = null;
  let jobs: Job[] = [];

  async function load(): Promise<void> {
    try {
      const { createAudioEngine } = await import('../../engines/audio/engine.ts');
      engine = await createAudioEngine(hear);
    } catch (error) {
      console.error('the audio engine could not be loaded', error);
    }
    const waiting = jobs;
    jobs = [];
    loading = null;
    if (engine === null) failed();
    else for (const job of waiting) job(engine);
  }

  return {
    run(job) {
      if (engine) return job(engine);
      jobs.push(job);
      loading ??= load();
    },
    ifThere: (job) => void (engine && job(engine)),
  };
}
