/** Plays one sound at a time with a plain audio element: commands in, callbacks out. */

export type VoiceEvent =
  | { kind: 'playing' }
  | { kind: 'paused' }
  | { kind: 'ended' }
  /** Seconds from the begin. */
  | { kind: 'time'; at: number }
  /** The length in seconds, once the file has stated it. */
  | { kind: 'length'; seconds: number }
  /** `codec`: this browser cannot decode it; otherwise it could not be loaded. */
  | { kind: 'failed'; reason: 'codec' | 'load' };

export interface VoicePlayer {
  /** Takes another sound, from the begin; it does not play yet. */
  load(address: string): void;
  play(): void;
  pause(): void;
  /** Goes to a second; a sound that has not loaded yet will start there. */
  seek(seconds: number): void;
  /** 1 is normal; the pitch stays. */
  speed(rate: number): void;
  /** Lets go of the sound: nothing is loaded any more. */
  unload(): void;
}

/** Creates a player. `make` provides the audio element. */
export function createVoicePlayer(
  hear: (event: VoiceEvent) => void,
  make: () => HTMLAudioElement = () => new Audio(),
): VoicePlayer {
  let audio: HTMLAudioElement | null = null;
  let rate = 1;
  /** A place to start from, until the sound can be sought in. */
  let waiting: number | null = null;

  function element(): HTMLAudioElement {
    if (audio) return audio;
    const own = make();
    own.preload = 'metadata';
    own.addEventListener('play', () => hear({ kind: 'playing' }));
    // An end is preceded by a pause, and is no wish of the user.
    own.addEventListener('pause', () => own.ended || hear({ kind: 'paused' }));
    own.addEventListener('ended', () => hear({ kind: 'ended' }));
    own.addEventListener('timeupdate', () => hear({ kind: 'time', at: own.currentTime }));
    own.addEventListener('durationchange', () => {
      if (Number.isFinite(own.duration) && own.duration > 0) hear({ kind: 'length', seconds: own.duration });
    });
    own.addEventListener('loadedmetadata', () => {
      own.playbackRate = rate;
      if (waiting !== null) own.currentTime = waiting;
      waiting = null;
    });
    own.addEventListener('error', () => {
      // Taking the address away is an error for the element as well.
      if (!own.hasAttribute('src')) return;
      hear({ kind: 'failed', reason: own.error?.code === 3 || own.error?.code === 4 ? 'codec' : 'load' });
    });
    audio = own;
    return own;
  }

  return {
    load(address) {
      waiting = null;
      const own = element();
      own.src = address;
      own.defaultPlaybackRate = rate;
      own.playbackRate = rate;
    },
    play() {
      element()
        .play()
        .catch((error: unknown) => {
          // Paused or replaced before it began; everything else is also an `error` event.
          if (error instanceof DOMException && (error.name === 'AbortError' || error.name === 'NotSupportedError'))
            return;
          hear({ kind: 'failed', reason: 'load' });
        });
    },
    pause: () => audio?.pause(),
    seek(seconds) {
      const own = element();
      const to = Math.max(0, seconds);
      if (own.readyState === 0) waiting = to;
      else own.currentTime = to;
      hear({ kind: 'time', at: to });
    },
    speed(next) {
      rate = next;
      if (!audio) return;
      audio.defaultPlaybackRate = next;
      audio.playbackRate = next;
    },
    unload() {
      if (!audio) return;
      audio.pause();
      audio.removeAttribute('src');
      audio.load();
    },
  };
}
