/**
 * One source on its way through a deck, with all that can go wrong there: a stream that stalls is fetched anew from
 * where it was, an element that had an error is replaced, and after some attempts the source has failed.
 */
import type { Deck } from './deck.ts';
import type { Edges } from './lengths/mp3-edges.ts';
import type { Places } from './mp3-places.ts';
import type { AudioProblem, AudioSource } from './types.ts';

/** Milliseconds without progress after which the element is looked at, and after which it is replaced while it loads. */
const WATCH_MS = 3000;
const STALL_MS = 12_000;
/** Milliseconds before each further attempt. */
const RETRY_MS = [500, 2000, 5000];
/** The element's state in which it can go on playing. */
const HAVE_FUTURE_DATA = 3;
/** Seconds by which two measurements of one length may differ: servers round to milliseconds. */
const AGREED = 0.002;
/** Seconds by which the browser's length is off where it has guessed. */
const GUESSED = 0.05;
/** Seconds of progress after which earlier trouble is forgotten. */
const RECOVERED = 2;

export interface TrackHands {
  makeDeck(address: string): Deck;
  reasonOf(address: string): Promise<AudioProblem>;
  /** Where its seconds are, for a sound whose length the browser only guesses; null where that is right all the same. */
  placesOf(address: string): Promise<Places | null>;
  /** Its length by the file's header, in seconds; null where that does not say. @param played as the browser states it */
  lengthOf(address: string, played: number): Promise<number | null>;
  /** Where the sound of an MP3 without any header begins and ends; null for any other. */
  edgesOf(address: string): Promise<Edges | null>;
  /** A new element is there: it has to be led to the output. */
  attach(track: Track): void;
  tell(track: Track, event: TrackEvent): void;
}

export type TrackEvent =
  { kind: 'loaded' | 'playing' | 'waiting' | 'moved' | 'over' | 'paused' } | { kind: 'failed'; reason: AudioProblem };

export class Track {
  readonly source: AudioSource;
  readonly #hands: TrackHands;
  #deck: Deck;
  #listening = new AbortController();
  /** Where it starts once it can be sought in; seconds. */
  #from: number;
  #rate: number;
  /** For seeking by part of the file: the browser's first guess of the length, and by how much its clock is behind then. */
  #places: Places | null = null;
  #guess = 0;
  #ahead = 0;
  /** Its length by its own header. */
  #headed: number | null = null;
  #edges: Edges | null | undefined;
  #wanted = false;
  #over = false;
  #dead = false;
  #tries = 0;
  #good = 0;
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(source: AudioSource, from: number, rate: number, hands: TrackHands) {
    this.source = source;
    this.#from = from;
    this.#rate = rate;
    this.#hands = hands;
    this.#deck = this.#open();
  }

  get element(): HTMLAudioElement {
    return this.#deck.element;
  }

  /** Seconds that the element has delivered. */
  get position(): number {
    return this.element.readyState === 0 ? this.#from : this.element.currentTime + this.#ahead;
  }

  /** Seconds; infinite as long as nobody knows. */
  get duration(): number {
    if (this.source.duration > 0) return this.source.duration;
    const { duration } = this.element;
    return duration > 0 ? duration : Number.POSITIVE_INFINITY;
  }

  /**
   * Seconds from the first sample that is not zero, where they were counted, or where two of the server, the element and
   * the file's own header found the same length independently, so that its last sample is known; null otherwise.
   */
  get exactDuration(): number | null {
    if (this.#edges) return this.#edges.end;
    const stated = this.source.duration;
    const { duration } = this.element;
    const agrees = (one: number, other: number): boolean => Math.abs(one - other) <= AGREED;
    if (agrees(duration, stated)) return duration;
    const headed = this.#headed;
    return headed !== null && (agrees(headed, stated) || agrees(headed, duration)) ? headed : null;
  }

  /** Seconds at its begin, from its first sample that is not zero, that are its encoder's. */
  get added(): number {
    return this.#edges?.begin ?? 0;
  }

  /** The loudest sample that its decoder adds after its end, as far as that was measured. */
  get softness(): number {
    return (this.#edges?.soft ?? 0) * 10 ** (this.source.gain / 20);
  }

  get isOver(): boolean {
    return this.#over;
  }

  play(): void {
    this.#wanted = true;
    if (this.#over) return;
    this.#start();
  }

  pause(): void {
    this.#wanted = false;
    this.#watch(null);
    this.element.pause();
  }

  seek(seconds: number): void {
    this.#over = false;
    this.#from = seconds;
    this.#good = seconds;
    if (this.element.readyState > 0) this.#go(seconds);
    if (this.#wanted) this.#start();
  }

  rate(rate: number): void {
    this.#rate = rate;
    this.element.defaultPlaybackRate = rate;
    this.element.playbackRate = rate;
  }

  free(): void {
    this.#dead = true;
    this.#close(this.element.error !== null);
  }

  #open(): Deck {
    const deck = this.#hands.makeDeck(this.source.address);
    const { element } = deck;
    const { signal } = this.#listening;
    const on = (name: keyof HTMLMediaElementEventMap, run: () => void): void =>
      element.addEventListener(name, run, { signal });
    element.defaultPlaybackRate = this.#rate;
    element.playbackRate = this.#rate;
    on('loadedmetadata', () => {
      element.playbackRate = this.#rate;
      this.#guess = element.duration;
      if (this.#from > 0) this.#go(this.#from);
      this.#tell('loaded');
      void this.#findPlaces();
      void this.#findLength();
      void this.#findEdges();
    });
    on('playing', () => this.#tell('playing'));
    on('waiting', () => {
      if (element.ended) return;
      this.#watch(WATCH_MS);
      this.#tell('waiting');
    });
    on('timeupdate', () => this.#moved());
    on('ended', () => {
      this.#watch(null);
      this.#over = true;
      this.#tell('over');
    });
    // An end is preceded by a pause, and so is a new source.
    on('pause', () => this.#wanted && !this.#over && !element.ended && this.#tell('paused'));
    on('error', () => void this.#broken());
    return deck;
  }

  #close(spoiled: boolean): void {
    this.#watch(null);
    this.#listening.abort();
    this.#deck.free(spoiled);
  }

  #tell(kind: 'loaded' | 'playing' | 'waiting' | 'moved' | 'over' | 'paused'): void {
    this.#hands.tell(this, { kind });
  }

  async #findPlaces(): Promise<void> {
    const { duration, address } = this.source;
    if (this.#places !== null || duration <= 0 || Math.abs(this.#guess - duration) <= GUESSED) return;
    const places = await this.#hands.placesOf(address);
    if (this.#dead || places === null) return;
    this.#places = places;
    // Where it was to start, it has not started.
    if (this.#from > 0 && this.#good <= this.#from) this.#go(this.#from);
  }

  async #findLength(): Promise<void> {
    const { duration, address } = this.source;
    const played = this.element.duration;
    if (duration <= 0 || !Number.isFinite(played) || Math.abs(played - duration) <= AGREED) return;
    this.#headed ??= await this.#hands.lengthOf(address, played);
    if (!this.#dead && this.#headed !== null) this.#tell('loaded');
  }

  async #findEdges(): Promise<void> {
    const { mimeType, address } = this.source;
    if (mimeType !== 'audio/mpeg' || this.#edges !== undefined) return;
    this.#edges = null;
    const edges = await this.#hands.edgesOf(address);
    if (this.#dead || edges === null) return;
    this.#edges = edges;
    this.#tell('loaded');
  }

  /** Where the rate changes and nobody tells how, a browser seeks to the part of the file that its guess makes of a time. */
  #go(seconds: number): void {
    const target = this.#places === null ? seconds : this.#places(seconds) * this.#guess;
    this.#ahead = seconds - target;
    this.element.currentTime = target;
  }

  #start(): void {
    this.#watch(WATCH_MS);
    const { element } = this;
    // Never awaited: after a decode error it does not settle. An error has its own event, silence has the watchdog.
    element.play().catch((error: unknown) => {
      const name = error instanceof DOMException ? error.name : '';
      if (name === 'AbortError' || name === 'NotSupportedError' || element !== this.element) return;
      if (name === 'NotAllowedError') this.#tell('paused');
      else console.error('a sound did not start', error);
    });
  }

  #moved(): void {
    const { paused, seeking } = this.element;
    if (paused || seeking) return;
    const { position } = this;
    this.#watch(null);
    if (position - this.#good > RECOVERED) {
      this.#tries = 0;
      this.#good = position;
    }
    this.#tell('moved');
  }

  /** Looks at the element again after a while without progress. */
  #watch(ms: number | null, since = Date.now()): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (ms === null) return;
    this.#timer = setTimeout(() => {
      const { readyState } = this.element;
      // It has what it needs and does not play, or it has waited for too long.
      if (readyState >= HAVE_FUTURE_DATA || Date.now() - since >= STALL_MS) this.#again('load');
      else this.#watch(ms, since);
    }, ms);
  }

  async #broken(): Promise<void> {
    const { element } = this;
    this.#watch(null);
    this.#keepPlace();
    const reason = await this.#hands.reasonOf(this.source.address);
    if (this.#dead || element !== this.element) return;
    if (reason === 'load' || (reason === 'codec' && this.#good > 0 && this.#tries === 0)) this.#again(reason);
    else this.#hands.tell(this, { kind: 'failed', reason });
  }

  /** Another attempt, or the end of them. */
  #again(reason: AudioProblem): void {
    const wait = RETRY_MS[this.#tries];
    if (wait === undefined) return this.#hands.tell(this, { kind: 'failed', reason });
    this.#tries += 1;
    this.#keepPlace();
    this.#tell('waiting');
    this.#watch(null);
    this.#timer = setTimeout(() => {
      this.#close(true);
      this.#listening = new AbortController();
      this.#deck = this.#open();
      this.#hands.attach(this);
      if (this.#wanted) this.#start();
    }, wait);
  }

  #keepPlace(): void {
    if (this.element.readyState > 0) this.#from = this.position;
  }
}
