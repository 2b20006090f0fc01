/** The sounds of a call, made with Web Audio: an incoming ring, the tone while the other side rings, and the end. */

export type RingSound = 'incoming' | 'outgoing';

export interface Ring {
  /** Plays this until told otherwise; null: silence. */
  play(sound: RingSound | null): void;
  /** A short tone: the call is over. */
  end(): void;
}

interface Note {
  /** Hertz. */
  readonly pitch: number;
  /** Seconds from the begin, and how long it sounds. */
  readonly at: number;
  readonly length: number;
  /** 0 to 1. */
  readonly volume: number;
}

/** The patterns, and after how many seconds they repeat. */
const PATTERNS: Readonly<Record<RingSound, { every: number; notes: readonly Note[] }>> = {
  incoming: {
    every: 3,
    notes: [659, 784, 988, 784, 659, 988].map((pitch, n) => ({ pitch, at: n * 0.18, length: 0.3, volume: 0.22 })),
  },
  outgoing: {
    every: 4,
    notes: [{ pitch: 425, at: 0, length: 1, volume: 0.07 }],
  },
};
const END: readonly Note[] = [
  { pitch: 494, at: 0, length: 0.16, volume: 0.12 },
  { pitch: 370, at: 0.16, length: 0.24, volume: 0.12 },
];
/** Seconds in which a note begins and ends, so that it does not click. */
const EDGE = 0.02;

/** The browser's sound; the context is made with the first one. */
export function createRing(makeContext: () => AudioContext = () => new AudioContext()): Ring {
  let context: AudioContext | null = null;
  let playing: RingSound | null = null;
  let timer: ReturnType<typeof setInterval> | undefined;
  let sounding: OscillatorNode[] = [];

  function sound(notes: readonly Note[]): void {
    context ??= makeContext();
    // A browser lets a page sound only after a click in it; under Electron it may at any time.
    if (context.state === 'suspended') void context.resume();
    const now = context.currentTime + 0.01;
    for (const { pitch, at, length, volume } of notes) {
      const tone = new OscillatorNode(context, { type: 'sine', frequency: pitch });
      const gain = new GainNode(context, { gain: 0 });
      tone.connect(gain).connect(context.destination);
      gain.gain.setValueAtTime(0, now + at);
      gain.gain.linearRampToValueAtTime(volume, now + at + EDGE);
      gain.gain.setValueAtTime(volume, now + at + length - EDGE);
      gain.gain.linearRampToValueAtTime(0, now + at + length);
      tone.start(now + at);
      tone.stop(now + at + length);
      sounding.push(tone);
      tone.addEventListener('ended', () => (sounding = sounding.filter((other) => other !== tone)));
    }
  }

  function hush(): void {
    clearInterval(timer);
    for (const tone of sounding) tone.stop();
    sounding = [];
  }

  return {
    play(next) {
      if (next === playing) return;
      playing = next;
      hush();
      if (next === null) return;
      const { every, notes } = PATTERNS[next];
      sound(notes);
      timer = setInterval(() => sound(notes), every * 1000);
    },
    end() {
      sound(END);
    },
  };
}
