/** What the audio engine takes and tells. It knows addresses and seconds, no tracks, no queue and no store. */

export interface AudioSource {
  /** On the page's own origin: from another one Web Audio hears silence. */
  address: string;
  /** Seconds, as the server measured them: the media element's own number can be wrong. 0 where nobody measured. */
  duration: number;
  /** Correction of loudness in dB; 0 for none. */
  gain: number;
  /** By its bytes; absent where nobody knows it. */
  mimeType?: string;
}

/** `codec`: this browser cannot decode it. `gone`: the server has it no more. `load`: it could not be fetched. */
export type AudioProblem = 'codec' | 'gone' | 'load';

export type AudioEvent =
  /** Sound flows, after a start, a stall or a seek. */
  | { kind: 'playing' }
  /** The system took the sound away: a device was unplugged, or another program has it. */
  | { kind: 'interrupted' }
  /** Bytes are missing; `playing` follows, or `failed`. */
  | { kind: 'waiting' }
  /** The length of a current source that nobody had measured; seconds. */
  | { kind: 'length'; seconds: number }
  /** Seconds from the begin of the current source, as heard; a few times a second while it plays. */
  | { kind: 'position'; at: number }
  /** The current source is over, and the prepared one has taken its place without a gap. */
  | { kind: 'joined' }
  /** The current source is over, and nothing was prepared. */
  | { kind: 'ended' }
  /** `prepared`: it was not the current source but the one that should follow. */
  | { kind: 'failed'; reason: AudioProblem; prepared: boolean };

export interface AudioEngine {
  /** Takes another source, from a second on; what was prepared is let go. It does not play yet. */
  load(source: AudioSource, at?: number): void;
  play(): void;
  pause(): void;
  /** Goes to a second. */
  seek(seconds: number): void;
  /** How loud everything is, 0 to 1. */
  volume(level: number): void;
  /** 1 is normal; the pitch stays. */
  rate(rate: number): void;
  /** Loads what follows, or nothing. `overlap`: seconds by which it fades into the current source; 0: without a gap. */
  prepare(source: AudioSource | null, overlap?: number): void;
  /** Lets go of everything that is loaded. */
  unload(): void;
}
