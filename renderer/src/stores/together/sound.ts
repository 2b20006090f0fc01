/**
 * The player of what is heard together: one track, kept where it should be. An engine of its own, so that one's own queue
 * stays as it is and goes on after the call.
 */
import type { TrackView } from '#contract/ipc/music-views.ts';
import { mediaAddress } from '#contract/model/media-address.ts';
import type { AudioEvent } from '../../engines/audio/types.ts';
import { correct, loadedAt, NO_COURSE, soughtTo } from '../../engines/together/in-step.ts';
import { createLazyEngine } from '../player/lazy-engine.ts';

/** The part of the loudness that is left while somebody speaks. */
const BEHIND_A_VOICE = 0.3;

export interface TogetherSound {
  /**
   * Plays it, or keeps it paused, at the place that `expected` names; another track than before is loaded.
   * @param seconds where it is now; negative: it begins later
   */
  place(track: TrackView, seconds: number, playing: boolean): void;
  /** Lets go of it. */
  silence(): void;
  /** How loud, 0 to 1, and whether somebody speaks. */
  loud(volume: number, spoken: boolean): void;
}

export interface SoundParts {
  /** Milliseconds, monotonic. */
  readonly now: () => number;
  /** Seconds where the track should be now; null while nobody knows or it is paused. */
  readonly expected: () => number | null;
  /** The track is over, cannot be played, or waits for its bytes. */
  readonly tell: (event: 'ended' | 'failed' | 'waiting' | 'playing') => void;
  /** Seconds by which it was ahead, each time that it was measured. */
  readonly measured: (skew: number) => void;
}

/** Begins with nothing loaded; the engine is loaded with the first track. */
export function createTogetherSound({ now, expected, tell, measured }: SoundParts): TogetherSound {
  let loaded: string | null = null;
  let running = false;
  let start: ReturnType<typeof setTimeout> | undefined;
  let course = NO_COURSE;
  let rate = 1;
  let level = 1;
  const { run, ifThere } = createLazyEngine(hear, () => {
    loaded = null;
    tell('failed');
  });

  function setRate(next: number): void {
    if (next === rate) return;
    rate = next;
    run((engine) => engine.rate(next));
  }

  function seek(seconds: number): void {
    run((engine) => engine.seek(seconds));
  }

  function go(seconds: number, playing: boolean): void {
    course = soughtTo(course, now(), seconds, playing);
    setRate(1);
    seek(course.sentTo);
  }

  function play(): void {
    running = true;
    run((engine) => engine.play());
  }

  function hear(event: AudioEvent): void {
    if (loaded === null) return;
    switch (event.kind) {
      case 'position': {
        const should = expected();
        if (should === null || !running) return;
        measured(event.at - should);
        const [next, correction] = correct(course, event.at, should, now());
        course = next;
        if (correction.kind === 'rate') setRate(correction.rate);
        if (correction.kind !== 'seek') return;
        setRate(1);
        return seek(correction.to);
      }
      case 'interrupted':
        // A loudspeaker was unplugged, or another program has taken the sound: it goes on with what there is.
        if (running) play();
        return;
      case 'waiting':
      case 'playing':
      case 'ended':
        return tell(event.kind);
      case 'failed':
        loaded = null;
        running = false;
        return tell('failed');
      case 'joined':
      case 'length':
    }
  }

  function load(track: TrackView, seconds: number): void {
    loaded = track.id;
    course = loadedAt(course, now(), Math.max(0, seconds));
    rate = 1;
    const source = { address: mediaAddress(track.url) ?? '', duration: track.duration, gain: track.gain ?? 0 };
    run((engine) => {
      engine.volume(level);
      engine.rate(1);
      engine.load(source, Math.max(0, seconds));
    });
  }

  return {
    place(track, seconds, playing) {
      clearTimeout(start);
      const isNew = loaded !== track.id;
      if (isNew) load(track, seconds);
      if (!playing || seconds < 0) {
        running = false;
        run((engine) => engine.pause());
        if (!isNew) go(seconds, false);
        if (playing) start = setTimeout(play, -seconds * 1000);
        return;
      }
      if (!isNew) go(seconds, true);
      play();
    },
    silence() {
      clearTimeout(start);
      if (loaded === null) return;
      [loaded, running] = [null, false];
      run((engine) => engine.unload());
    },
    loud(volume, spoken) {
      // Loudness is heard in proportions.
      level = volume * volume * (spoken ? BEHIND_A_VOICE : 1);
      ifThere((engine) => engine.volume(level));
    },
  };
}
