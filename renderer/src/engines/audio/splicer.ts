/**
 * Joins one sound to the next, sample by sample: the pure part of the AudioWorklet in splicer.worklet.ts.
 *
 * There are two inputs, and one of them is current. Shortly before its end the splicer tells that the time is near; the
 * other input is then started, and what it delivers waits in its queue. At the first block of nothing but zeros around
 * the stated end the output goes on from that queue, which is why no sample is missing and none is heard twice. A
 * started input keeps the head start it had: the output is `delay` samples behind it, and the next end is that much
 * later. With a fade both are heard at once instead, and nothing waits.
 *
 * Some decoders go on after the end: what they add is almost silent, but not zero. Where the exact length is known and
 * every sample since the begin was counted, the output goes on after the last one of them instead.
 *
 * Lengths are in samples of the audio context.
 */

/** Samples per block. */
const BLOCK = 128;
/** The queue of an input: about 3 s. A power of two, so that places wrap with a mask. */
const ROOM = 131_072;
const MASK = ROOM - 1;
/** Change of loudness per sample when it stops and goes on, so that neither is heard as a click. */
const RAMP = 1 / 256;
/**
 * Where a browser changes the sample rate, a sound begins to ring before its first sample, and rings on after its last: for
 * so many seconds at most, each. Added to each other, an end and the begin after it are what the whole would have been.
 */
const RING_SECONDS = 0.0016;
/** What a decoder adds after the end is softer than this; anything louder is music, whatever the length says. */
const SOFT = 0.03;

export type Side = 0 | 1;

/**
 * Orders and news are under way for a moment, and the output may go on to the next input meanwhile. So each start and each
 * follower has a number of its own: an order about a sound that is no longer the current one is left out, and whoever
 * gets news can see what they are about.
 */
export type SplicerOrder =
  /** This input is the current one from now on, and nothing of it has been heard. `whole`: it begins at its begin. */
  | { kind: 'start'; id: number; side: Side; left: number; whole: boolean }
  /**
   * The exact length of the current input, from its first sample that is not zero; null where nobody knows it. `soft`: the
   * level that what its decoder adds may have, where that was measured.
   */
  | { kind: 'length'; id: number; samples: number | null; soft?: number }
  /** What the current input has yet to deliver, measured anew. */
  | { kind: 'left'; id: number; left: number }
  /** The other input will follow as `next`; it will be asked for `lead` samples before the end. `fade`: 0 for none. */
  | { kind: 'follow'; id: number; next: number; lead: number; fade: number }
  /** So many samples of the follower, from its first that is not zero, are its encoder's and not the sound. */
  | { kind: 'skip'; next: number; samples: number }
  | { kind: 'alone'; id: number }
  /** The input that follows has been started, even if all it delivers is silence. */
  | { kind: 'begun'; next: number }
  /** The current input has delivered everything. */
  | { kind: 'over'; id: number }
  | { kind: 'run'; on: boolean };

export type SplicerNews =
  /** Time to start the other input. */
  | { kind: 'near'; next: number }
  /** The other input is the current one now, in place of `from`, and is heard `delay` samples late. */
  | { kind: 'joined'; from: number; id: number; delay: number }
  /** The other input should pause: it is too far ahead. */
  | { kind: 'full'; next: number }
  /** The last sample of the current input was heard, and nothing follows. */
  | { kind: 'drained'; id: number };

/** Left and right; null while an input is connected to nothing. */
export type StereoBlock = readonly [Float32Array, Float32Array] | null;

class SampleQueue {
  readonly #left = new Float32Array(ROOM);
  readonly #right = new Float32Array(ROOM);
  #read = 0;
  #written = 0;

  get length(): number {
    return this.#written - this.#read;
  }

  clear(): void {
    this.#read = this.#written;
  }

  put(left: number, right: number): void {
    if (this.length >= ROOM) this.#read += 1;
    this.#left[this.#written & MASK] = left;
    this.#right[this.#written & MASK] = right;
    this.#written += 1;
  }

  /** Leaves out the next samples, of which there must be as many. */
  drop(count: number): void {
    this.#read += count;
  }

  /** Puts the next sample into `into`; silence when there is none. */
  take(into: { left: number; right: number }): void {
    const some = this.length > 0;
    into.left = some ? (this.#left[this.#read & MASK] ?? 0) : 0;
    into.right = some ? (this.#right[this.#read & MASK] ?? 0) : 0;
    if (some) this.#read += 1;
  }

  /** True when the next `count` samples are silence, or are not there. */
  isSilent(count: number): boolean {
    return this.isBelow(0, count);
  }

  /** True when none of the next `count` samples, after the first `from`, is louder than a level. */
  isBelow(level: number, count: number, from = 0): boolean {
    const end = Math.min(this.#written, this.#read + from + count);
    for (let at = this.#read + from; at < end; at += 1) {
      if (Math.abs(this.#left[at & MASK] ?? 0) > level || Math.abs(this.#right[at & MASK] ?? 0) > level) return false;
    }
    return true;
  }
}

const isSilence = (block: StereoBlock): boolean =>
  block === null || (block[0].every((sample) => sample === 0) && block[1].every((sample) => sample === 0));

export class Splicer {
  readonly #tell: (news: SplicerNews) => void;
  /** Samples around the stated end in which silence is taken for the end. */
  readonly #tolerance: number;
  /** Samples of ringing. */
  readonly #rings: number;
  readonly #queues = [new SampleQueue(), new SampleQueue()] as const;
  readonly #now = { left: 0, right: 0 };
  readonly #next = { left: 0, right: 0 };
  /** The ringing of a sound that has been left. */
  readonly #ring = new SampleQueue();
  /** The number of the current sound. */
  #id = 0;
  #side: Side = 0;
  #left = 0;
  #over = false;
  /** Something of the current input was heard. */
  #sounded = false;
  #follow: { id: number; lead: number; fade: number } | null = null;
  #asked = false;
  #begun = false;
  #full = false;
  #drained = true;
  /** Samples of the fade that have been heard, and its length once it has begun. */
  #faded = 0;
  #fade = 0;
  #running = false;
  #level = 0;
  #length: number | null = null;
  /** What is added after it is softer than this. */
  #soft = SOFT;
  /** Samples of the current input that were heard since its first one; null once some may be missing or too many. */
  #heard: number | null = null;
  /** The other input has given its samples without a break. */
  #unbroken = true;
  /** What waits of the other input begins with its first sample that is not zero. */
  #fromFirst = false;
  /** Samples at the begin of the other input that are not to be heard. */
  #skip = 0;

  constructor(sampleRate: number, tell: (news: SplicerNews) => void) {
    this.#tolerance = Math.round(sampleRate * 0.1);
    this.#rings = Math.ceil(sampleRate * RING_SECONDS);
    this.#tell = tell;
  }

  order(order: SplicerOrder): void {
    if ('id' in order && order.kind !== 'start' && order.id !== this.#id) return;
    switch (order.kind) {
      case 'start':
        this.#id = order.id;
        this.#side = order.side;
        this.#left = order.left;
        this.#over = false;
        this.#sounded = false;
        this.#drained = false;
        this.#length = null;
        this.#heard = order.whole ? 0 : null;
        this.#queues[0].clear();
        this.#queues[1].clear();
        this.#ring.clear();
        return this.#alone();
      case 'left':
        this.#left = order.left;
        return;
      case 'length':
        this.#length = order.samples;
        this.#soft = Math.max(SOFT, order.soft ?? 0);
        return;
      case 'skip':
        if (this.#follow?.id === order.next) this.#skip = order.samples;
        return;
      case 'follow':
        this.#alone();
        this.#follow = { id: order.next, lead: order.lead, fade: order.fade };
        return;
      case 'alone':
        return this.#alone();
      case 'begun':
        this.#begun ||= this.#asked && this.#follow?.id === order.next;
        return;
      case 'over':
        this.#over = true;
        this.#left = 0;
        return;
      case 'run':
        this.#running = order.on;
        // The element stops in the middle of a block, which is filled up with silence.
        if (!order.on) this.#heard = null;
    }
  }

  /** One block: takes what came in, fills `left` and `right`. */
  process(inputs: readonly [StereoBlock, StereoBlock], left: Float32Array, right: Float32Array): void {
    const other: Side = this.#side === 0 ? 1 : 0;
    const stopped = !this.#running && this.#level === 0;
    this.#receive(inputs[this.#side], stopped);
    this.#ask();
    this.#receiveNext(inputs[other], other);
    for (let at = 0; at < left.length; at += 1) {
      const target = this.#running ? 1 : 0;
      if (target === 0 && this.#level === 0) {
        left[at] = 0;
        right[at] = 0;
        continue;
      }
      this.#level += Math.min(RAMP, Math.max(-RAMP, target - this.#level));
      this.#sample();
      left[at] = this.#now.left * this.#level;
      right[at] = this.#now.right * this.#level;
    }
    this.#drain();
  }

  #alone(): void {
    this.#follow = null;
    this.#asked = false;
    this.#begun = false;
    this.#full = false;
    this.#faded = 0;
    this.#fade = 0;
    this.#unbroken = true;
    this.#fromFirst = false;
    this.#skip = 0;
    this.#queues[this.#side === 0 ? 1 : 0].clear();
  }

  get #queue(): SampleQueue {
    return this.#queues[this.#side];
  }

  #receive(block: StereoBlock, stopped: boolean): void {
    const silent = isSilence(block);
    // An element that was paused still delivers a moment of sound: it is kept for when it goes on.
    if (stopped && silent) return;
    if (this.#over && silent && this.#queue.length > 0) return;
    // A stream that stalls, or a pause in the music: there is no telling. After the end it is neither.
    const isEnd = this.#length !== null && (this.#heard ?? 0) + this.#queue.length >= this.#length;
    if (((silent && !isEnd) || this.#queue.length === 0) && this.#heard !== null && this.#heard > 0) this.#heard = null;
    // One block stays ahead of the output, so that one silent sample is never taken for the end.
    if (this.#queue.length === 0) this.#put(this.#queue, null);
    this.#put(this.#queue, block);
    // A slow element has delivered nothing yet.
    this.#sounded ||= !silent;
    if (!stopped && this.#sounded) this.#left -= BLOCK;
  }

  #ask(): void {
    if (this.#follow === null || this.#asked) return;
    if (!this.#over && this.#left + this.#queue.length > this.#follow.lead) return;
    this.#asked = true;
    this.#tell({ kind: 'near', next: this.#follow.id });
  }

  #receiveNext(block: StereoBlock, side: Side): void {
    if (!this.#asked) return;
    if (!this.#begun) {
      if (isSilence(block)) return;
      this.#begun = true;
      this.#fromFirst = true;
      if (this.#follow !== null && this.#follow.fade > 0) this.#put(this.#queues[side], null);
      // Silence before the first sample belongs to the start of the element, not to the sound.
      const first = block ? block[0].findIndex((sample, at) => sample !== 0 || block[1][at] !== 0) : 0;
      return this.#put(this.#queues[side], block, first);
    }
    if (isSilence(block)) this.#unbroken = false;
    this.#put(this.#queues[side], block);
    if (this.#follow === null || this.#full || this.#queues[side].length < ROOM * 0.8) return;
    this.#full = true;
    this.#tell({ kind: 'full', next: this.#follow.id });
  }

  #put(queue: SampleQueue, block: StereoBlock, from = 0): void {
    for (let at = from; at < BLOCK; at += 1) queue.put(block?.[0][at] ?? 0, block?.[1][at] ?? 0);
  }

  /** The next sample of the output, before the level. */
  #sample(): void {
    const next = this.#queues[this.#side === 0 ? 1 : 0];
    if (this.#follow !== null && this.#begun) {
      if (this.#follow.fade > 0) return this.#mix(next, this.#follow);
      const isCounted = this.#isCounted();
      if (isCounted) this.#keepRing();
      if (isCounted || this.#isEnd()) this.#join(this.#follow.id);
    }
    this.#queue.take(this.#now);
    if (this.#ring.length > 0) {
      this.#ring.take(this.#next);
      this.#now.left += this.#next.left;
      this.#now.right += this.#next.right;
    }
    if (this.#heard === null) return;
    // Silence before the first sample belongs to the start of the element.
    if (this.#heard > 0 || this.#now.left !== 0 || this.#now.right !== 0) this.#heard += 1;
  }

  /** True after as many samples as it has. A length after which music goes on is wrong, and is forgotten. */
  #isCounted(): boolean {
    if (this.#heard === null || this.#length === null || this.#heard < this.#length) return false;
    if (this.#queue.isBelow(this.#soft, BLOCK, this.#rings)) return true;
    this.#length = null;
    return false;
  }

  #keepRing(): void {
    for (let n = 0; n < this.#rings; n += 1) {
      this.#queue.take(this.#next);
      this.#ring.put(this.#next.left, this.#next.right);
    }
  }

  #isEnd(): boolean {
    const rest = this.#queue.length;
    if (!this.#over && this.#left + rest > this.#tolerance) return false;
    return (this.#over || rest >= BLOCK) && this.#queue.isSilent(BLOCK);
  }

  #mix(next: SampleQueue, { id, fade }: { id: number; fade: number }): void {
    if (this.#fade === 0) this.#fade = Math.max(BLOCK, Math.min(fade, this.#left + this.#queue.length));
    const part = Math.min(1, this.#faded / this.#fade);
    this.#faded += 1;
    this.#queue.take(this.#now);
    next.take(this.#next);
    // Equal power: the sum is as loud as either.
    const [out, into] = [Math.cos((part * Math.PI) / 2), Math.sin((part * Math.PI) / 2)];
    this.#now.left = this.#now.left * out + this.#next.left * into;
    this.#now.right = this.#now.right * out + this.#next.right * into;
    if (part >= 1) this.#join(id);
  }

  #join(id: number): void {
    const from = this.#id;
    this.#id = id;
    // After a fade its begin was heard with something else, and was not counted.
    this.#heard = this.#unbroken && this.#fade === 0 ? 0 : null;
    this.#length = null;
    this.#unbroken = true;
    this.#queue.clear();
    this.#side = this.#side === 0 ? 1 : 0;
    // After a fade its begin was heard already.
    const skipped = this.#fromFirst && this.#fade === 0 ? Math.min(this.#skip, this.#queue.length) : 0;
    this.#queue.drop(skipped);
    if (this.#heard !== null) this.#heard = skipped;
    this.#fromFirst = false;
    this.#skip = 0;
    const delay = this.#queue.length;
    this.#follow = null;
    this.#asked = false;
    this.#begun = false;
    this.#over = false;
    this.#sounded = true;
    this.#drained = false;
    // Not known until it is measured: by then nothing may be taken for its end.
    this.#left = Number.MAX_SAFE_INTEGER;
    this.#faded = 0;
    this.#fade = 0;
    this.#full = false;
    this.#tell({ kind: 'joined', from, id, delay });
  }

  #drain(): void {
    if (this.#drained || !this.#over || this.#follow !== null || !this.#queue.isSilent(ROOM)) return;
    this.#drained = true;
    this.#tell({ kind: 'drained', id: this.#id });
  }
}
