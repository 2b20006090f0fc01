/** Joining one sound to the next, sample by sample: each sample of the output says where it came from. */
import { describe, expect, test } from 'vitest';
import {
  Splicer,
  type Side,
  type SplicerNews,
  type StereoBlock,
} from '../../../../../renderer/src/engines/audio/splicer.ts';

const RATE = 44_100;
const BLOCK = 128;
const ZEROS: StereoBlock = [new Float32Array(BLOCK), new Float32Array(BLOCK)];

/** A sound of `blocks` blocks and `extra` samples; its samples count upwards from `base`. */
class Sound {
  readonly samples: Float32Array;
  at = 0;
  going = false;
  constructor(base: number, length: number) {
    this.samples = Float32Array.from({ length }, (_, n) => base + n + 1);
  }
  next(): StereoBlock {
    if (!this.going) return ZEROS;
    const block = new Float32Array(BLOCK);
    block.set(this.samples.subarray(this.at, this.at + BLOCK));
    this.at += BLOCK;
    return [block, block];
  }
  get isOver(): boolean {
    return this.at >= this.samples.length;
  }
}

interface Run {
  /** What was heard, without the silence before and after it. */
  heard: number[];
  news: SplicerNews['kind'][];
  delay: number | null;
}

interface Options {
  /** Samples by which the stated length of the first is off. */
  lie?: number;
  /** Blocks between being asked and the first sound of the next one. */
  slow?: number;
  fade?: number;
  /** Blocks between the end and being told of it. */
  late?: number;
  lead?: number;
  /** Almost silent samples that the decoder adds to the first, and the length that it is said to have. */
  tail?: number;
  exact?: number | null;
  /** The block in which the stream of the first stands still. */
  stall?: number;
  /** Blocks until the first delivers anything. */
  begins?: number;
  /** Samples that the encoder has put before the second, how loud what it adds is, and what was measured of that. */
  skip?: number;
  level?: number;
  soft?: number;
}

/** Plays one sound and the one that follows it. */
function play(first: Sound, second: Sound, options: Options = {}): Run {
  const {
    lie = 0,
    slow = 20,
    fade = 0,
    late = 4,
    lead = 13_000,
    tail = 0,
    exact = null,
    stall = -1,
    begins = 0,
    skip = 0,
    level = 0.001,
    soft = 0,
  } = options;
  const news: SplicerNews[] = [];
  const splicer = new Splicer(RATE, (one) => news.push(one));
  splicer.order({ kind: 'run', on: true });
  splicer.order({ kind: 'start', id: 1, side: 0, left: first.samples.length + lie, whole: true });
  splicer.order({ kind: 'length', id: 1, samples: exact, soft });
  const decoded = new Sound(0, first.samples.length + tail);
  decoded.samples.set(first.samples);
  decoded.samples.fill(level, first.samples.length);
  splicer.order({ kind: 'follow', id: 1, next: 2, lead, fade });
  splicer.order({ kind: 'skip', next: 2, samples: skip });
  const heard: number[] = [];
  const [left, right] = [new Float32Array(BLOCK), new Float32Array(BLOCK)];
  let asked = 0;
  let ended = 0;
  let current: Side = 0;
  for (let turn = 0; turn < 4000; turn += 1) {
    if (news.some(({ kind }) => kind === 'near')) asked += 1;
    if (asked === slow) second.going = true;
    if (turn >= begins) decoded.going = true;
    if (decoded.isOver) ended += 1;
    if (ended === late && current === 0) splicer.order({ kind: 'over', id: 1 });
    splicer.process([turn === stall ? ZEROS : decoded.next(), second.next()], left, right);
    expect(right).toEqual(left);
    heard.push(...left);
    if (current === 0 && news.some(({ kind }) => kind === 'joined')) {
      current = 1;
      splicer.order({ kind: 'left', id: 2, left: second.samples.length - second.at });
    }
  }
  const [from, to] = [heard.findIndex((sample) => sample !== 0), heard.findLastIndex((sample) => sample !== 0)];
  const joined = news.find((one) => one.kind === 'joined');
  return { heard: heard.slice(from, to + 1), news: news.map(({ kind }) => kind), delay: joined?.delay ?? null };
}

/** The samples after the fade-in of a start. */
const whole = (...sounds: Sound[]): number[] => sounds.flatMap(({ samples }) => [...samples]);
const afterStart = (samples: readonly number[]): number[] => samples.slice(400);

describe('one sound after another', () => {
  test.each([
    ['a length that is right', 0],
    ['a length that is 40 ms short', -1764],
    ['a length that is 40 ms long', 1764],
    ['a length that is 2 s long, so that only the end itself tells', 88_200],
  ])('%s: no sample is lost and none is added', (_name, lie) => {
    const [first, second] = [new Sound(0, 60_000 + 57), new Sound(1_000_000, 50_000)];
    // The lead covers what is short.
    const { heard, news } = play(first, second, { lie });
    const expected = whole(first, second);
    if (lie < 88_200) {
      expect(heard).toHaveLength(expected.length);
      expect(afterStart(heard)).toEqual(afterStart(expected));
    } else {
      // Nothing is cut; the silence is as long as it took to be told and to start.
      expect(heard.filter((sample) => sample !== 0)).toHaveLength(expected.length);
      expect(heard.length - expected.length).toBeLessThan(30 * BLOCK);
    }
    expect(news).toEqual(['near', 'joined']);
  });

  describe('of which the first is followed by what its decoder adds', () => {
    const LENGTH = 60_000 + 57;
    const sounds = (): [Sound, Sound] => [new Sound(0, LENGTH), new Sound(1_000_000, 50_000)];

    test('goes on after its exact length', () => {
      const [first, second] = sounds();
      const { heard, delay } = play(first, second, { tail: 900, exact: LENGTH });
      expect(afterStart(heard)).toEqual(afterStart(whole(first, second)));
      expect(delay).toBeGreaterThan(0);
    });

    test('goes on after its exact length, when silence follows within the block that is ahead', () => {
      const [first, second] = sounds();
      const { heard } = play(first, second, { tail: 30, exact: LENGTH });
      expect(heard).toHaveLength(LENGTH + 50_000);
      expect(afterStart(heard)).toEqual(afterStart(whole(first, second)));
    });

    test('adds what a change of rate makes ring over the end to what rings before the next begin', () => {
      // Halves of one sound: the end of the first and the begin of the second ring into each other.
      const RINGS = 32;
      const ringing = (from: number, to: number): number[] =>
        Array.from({ length: to - from + 2 * RINGS }, (_, n) => {
          const [at, share] = [from - RINGS + n, (n + 1) / (2 * RINGS + 1)];
          const rise = Math.min(1, share);
          const fall = Math.min(1, (to - from + 2 * RINGS - n) / (2 * RINGS + 1));
          return Math.sin(at / 9) * rise * fall;
        });
      const [first, second] = sounds();
      Object.assign(first, { samples: Float32Array.from(ringing(0, LENGTH)) });
      Object.assign(second, { samples: Float32Array.from(ringing(LENGTH, LENGTH + 50_000)) });
      const { heard } = play(first, second, { exact: LENGTH });
      expect(heard).toHaveLength(LENGTH + 50_000 + 2 * RINGS);
      const off = heard.slice(RINGS + 400, -3 * RINGS).map((one, n) => Math.abs(one - Math.sin((n + 400) / 9)));
      expect(Math.max(...off)).toBeLessThan(0.001);
    });

    test('leaves out what the encoder has put before the next one', () => {
      const [first, second] = sounds();
      const { heard, delay } = play(first, second, { tail: 900, exact: LENGTH, skip: 1105 });
      expect(afterStart(heard)).toEqual(afterStart([...first.samples, ...second.samples.subarray(1105)]));
      expect(delay).toBeLessThan(13_000 - 1105);
    });

    test('leaves out nothing of one that is heard with a fade', () => {
      const [first, second] = sounds();
      const { heard } = play(first, second, { fade: 20_000, lead: 20_000, slow: 1, skip: 1105 });
      const [one, other] = sounds();
      expect(heard).toEqual(play(one, other, { fade: 20_000, lead: 20_000, slow: 1 }).heard);
    });

    test('what is added may be as loud as it was measured to be, and not louder', () => {
      const [first, second] = sounds();
      const options = { tail: 900, exact: LENGTH, level: 0.06 };
      expect(play(first, second, { ...options, soft: 0.07 }).heard).toHaveLength(LENGTH + 50_000);
      const [one, other] = sounds();
      expect(play(one, other, { ...options, soft: 0.05 }).heard.length).toBeGreaterThanOrEqual(LENGTH + 50_900);
    });

    test.each([
      ['is not known', { exact: null }],
      ['cannot be counted after a stall', { exact: LENGTH, stall: 200 }],
    ])('plays all of it where the length %s', (_name, more) => {
      const [first, second] = sounds();
      const { heard } = play(first, second, { tail: 900, ...more });
      const [from, to] = [heard.indexOf(first.samples.at(-1) ?? 0), heard.indexOf(1_000_001)];
      expect(to - from).toBeGreaterThan(900);
    });

    test('cuts nothing that is loud, however short the length is said to be', () => {
      const [first, second] = sounds();
      const { heard } = play(first, second, { exact: LENGTH - 5000 });
      expect(afterStart(heard)).toEqual(afterStart(whole(first, second)));
    });
  });

  test('the delay is what the next one was ahead', () => {
    const { delay } = play(new Sound(0, 60_000), new Sound(1_000_000, 50_000), { slow: 20 });
    expect(delay).toBeGreaterThan(13_000 - 24 * BLOCK);
    expect(delay).toBeLessThan(13_000);
  });

  test('one that starts too late is waited for, and heard from its begin', () => {
    const [first, second] = [new Sound(0, 60_000), new Sound(1_000_000, 30_000)];
    const { heard } = play(first, second, { slow: 200 });
    expect(heard.filter((sample) => sample !== 0)).toHaveLength(90_000);
    expect(heard.at(-1)).toBe(1_030_000);
  });

  test('silence within the music is no end', () => {
    const first = new Sound(0, 60_000);
    first.samples.fill(0, 40_000, 50_000);
    const second = new Sound(1_000_000, 30_000);
    const { heard } = play(first, second);
    expect(heard).toHaveLength(90_000);
    expect(afterStart(heard)).toEqual(afterStart(whole(first, second)));
  });

  test('one that is slow to start is not taken for one that is nearly over', () => {
    const [first, second] = [new Sound(0, 60_000), new Sound(1_000_000, 30_000)];
    const { heard } = play(first, second, { begins: 600, fade: 20_000, lead: 20_000, slow: 1 });
    expect(Math.abs(heard.length - 70_000)).toBeLessThan(4 * BLOCK);
  });

  test('with a fade both are heard at once, and nothing waits', () => {
    const [first, second] = [new Sound(0, 60_000), new Sound(0, 60_000)];
    first.samples.fill(0.5);
    second.samples.fill(0.5);
    const { heard, delay } = play(first, second, { fade: 20_000, lead: 20_000, slow: 1 });
    expect(Math.abs(heard.length - 100_000)).toBeLessThan(4 * BLOCK);
    expect(delay).toBeLessThanOrEqual(2 * BLOCK);
    // Equal power: the sum of two equal signals peaks at the square root of two.
    expect(Math.max(...heard.slice(0, 90_000).filter((_, n) => n % 7 === 0))).toBeCloseTo(0.5 * Math.SQRT2, 2);
    expect(heard.slice(400).filter((sample) => sample < 0.45)).toHaveLength(0);
  });
});

test('a pause stops within a few milliseconds, and loses nothing', () => {
  const sound = new Sound(0, 40_000);
  const splicer = new Splicer(RATE, () => undefined);
  const [left, right] = [new Float32Array(BLOCK), new Float32Array(BLOCK)];
  const heard: number[] = [];
  const turn = (): void => {
    splicer.process([sound.next(), null], left, right);
    heard.push(...left);
  };
  splicer.order({ kind: 'start', id: 1, side: 0, left: 40_000, whole: true });
  splicer.order({ kind: 'run', on: true });
  sound.going = true;
  for (let n = 0; n < 100; n += 1) turn();
  splicer.order({ kind: 'run', on: false });
  // The element delivers a moment longer than it was told.
  for (let n = 0; n < 6; n += 1) turn();
  sound.going = false;
  for (let n = 0; n < 50; n += 1) turn();
  expect(heard.slice(-40 * BLOCK).every((sample) => sample === 0)).toBe(true);
  splicer.order({ kind: 'run', on: true });
  sound.going = true;
  for (let n = 0; n < 400; n += 1) turn();
  // All but the samples at which the level itself is nothing.
  expect(heard.filter((sample) => sample !== 0).length).toBeGreaterThanOrEqual(39_998);
});

test('the last sample is told, once', () => {
  const news: string[] = [];
  const splicer = new Splicer(RATE, ({ kind }) => news.push(kind));
  const [left, right] = [new Float32Array(BLOCK), new Float32Array(BLOCK)];
  const sound = new Sound(0, 1000);
  splicer.order({ kind: 'run', on: true });
  splicer.order({ kind: 'start', id: 1, side: 0, left: 1000, whole: true });
  sound.going = true;
  for (let n = 0; n < 50; n += 1) {
    if (n === 12) splicer.order({ kind: 'over', id: 1 });
    splicer.process([sound.next(), null], left, right);
    expect(news).toEqual(n < 12 ? [] : ['drained']);
  }
});
