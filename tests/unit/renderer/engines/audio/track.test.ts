// @vitest-environment happy-dom
/** One source and what can go wrong with it, with an element whose events the test makes. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Deck } from '../../../../../renderer/src/engines/audio/deck.ts';
import { Track, type TrackEvent } from '../../../../../renderer/src/engines/audio/track.ts';
import type { Edges } from '../../../../../renderer/src/engines/audio/lengths/mp3-edges.ts';
import type { AudioProblem } from '../../../../../renderer/src/engines/audio/types.ts';

interface FakeElement {
  element: HTMLAudioElement;
  freed: boolean[];
  plays: number;
  /** What the element would say of itself. */
  now: { currentTime: number; readyState: number; paused: boolean };
  say(name: string): void;
}

let decks: FakeElement[] = [];
let told: string[] = [];
let reason: AudioProblem = 'load';
let places: ((seconds: number) => number) | null = null;
let headed: number | null = null;
let lookedAt: number[] = [];
let edges: Edges | null = null;
let edgesOf: string[] = [];

function fakeDeck(): Deck {
  const element = document.createElement('audio');
  const now = { currentTime: 0, readyState: 0, paused: true };
  const fake: FakeElement = {
    element,
    freed: [],
    plays: 0,
    now,
    say: (name) => void element.dispatchEvent(new Event(name)),
  };
  for (const name of ['currentTime', 'readyState', 'paused'] as const) {
    Object.defineProperty(element, name, {
      get: () => now[name],
      set: (value: number) => Object.assign(now, { [name]: value }),
    });
  }
  Object.defineProperty(element, 'play', {
    value: () => {
      fake.plays += 1;
      now.paused = false;
      // As after a decode error: it never settles.
      return new Promise(() => undefined);
    },
  });
  Object.defineProperty(element, 'pause', { value: () => void (now.paused = true) });
  decks.push(fake);
  return { element, free: (spoiled) => void fake.freed.push(spoiled) };
}

const make = (from = 0, mimeType = 'audio/wav'): Track =>
  new Track({ address: './media/a', duration: 100, gain: 6, mimeType }, from, 1, {
    makeDeck: fakeDeck,
    reasonOf: () => Promise.resolve(reason),
    placesOf: () => Promise.resolve(places),
    lengthOf: (_address, played) => {
      lookedAt.push(played);
      return Promise.resolve(headed);
    },
    edgesOf: (address) => {
      edgesOf.push(address);
      return Promise.resolve(edges);
    },
    attach: () => void told.push('attach'),
    tell: (_track, event: TrackEvent) =>
      void told.push(event.kind === 'failed' ? `failed ${event.reason}` : event.kind),
  });
const deck = (at = -1): FakeElement => {
  const found = decks.at(at);
  if (!found) throw new Error('no element was made');
  return found;
};
/** Plays up to a second. */
function moveTo(second: number): void {
  Object.assign(deck().now, { currentTime: second, readyState: 4, paused: false });
  deck().say('timeupdate');
}

beforeEach(() => {
  vi.useFakeTimers();
  decks = [];
  told = [];
  reason = 'load';
  places = null;
  headed = null;
  lookedAt = [];
  edges = null;
  edgesOf = [];
});
afterEach(() => void vi.useRealTimers());

test('where the browser guessed the length, it seeks by the part of the file, and its clock is set right', async () => {
  // Half of the sound is in the first quarter of the file.
  places = (seconds) => (seconds < 50 ? seconds / 200 : 0.25 + ((seconds - 50) / 50) * 0.75);
  const track = make();
  Object.defineProperty(deck().element, 'duration', { value: 80 });
  deck().now.readyState = 4;
  deck().say('loadedmetadata');
  await vi.advanceTimersByTimeAsync(0);
  track.seek(50);
  expect([deck().now.currentTime, track.position]).toEqual([20, 50]);
  moveTo(21);
  expect(track.position).toBe(51);
  track.seek(0);
  expect([deck().now.currentTime, track.position]).toEqual([0, 0]);
});

/** A track of 100 s by the server, whose element plays so many seconds, after its header was looked at. */
async function loaded(played: number, mimeType?: string): Promise<Track> {
  const track = make(0, mimeType);
  Object.defineProperty(deck().element, 'duration', { value: played });
  deck().now.readyState = 1;
  deck().say('loadedmetadata');
  await vi.advanceTimersByTimeAsync(0);
  return track;
}

test.each([
  ['the element and the server agree, and the file is not looked at', 100.0004, null, 100.0004, []],
  ['the file tells what the server does', 100.0065, 100.0002, 100.0002, [100.0065]],
  ['the file tells what the element does', 99.97, 99.97, 99.97, [99.97]],
  ['all three differ', 100.5, 99, null, [100.5]],
  ['the file tells nothing', 100.0065, null, null, [100.0065]],
] as const)('its exact length, when %s', async (_name, played, found, exact, asked) => {
  headed = found;
  const track = await loaded(played);
  expect(track.exactDuration).toBe(exact);
  expect(lookedAt).toEqual(asked);
  // Told again where the file told more, since the splicer has to know it.
  expect(told).toEqual(found === null ? ['loaded'] : ['loaded', 'loaded']);
});

test('of an MP3 without a header, what was found in it counts, and not what all agree on', async () => {
  edges = { begin: 0.025, end: 99.98, soft: 0.01 };
  const track = await loaded(100, 'audio/mpeg');
  expect([track.exactDuration, track.added, track.softness.toFixed(4)]).toEqual([99.98, 0.025, '0.0200']);
  expect(told).toEqual(['loaded', 'loaded']);
  // Another element is another begin, not another file.
  deck().say('loadedmetadata');
  await vi.advanceTimersByTimeAsync(0);
  expect([edgesOf, track.exactDuration]).toEqual([['./media/a'], 99.98]);
});

test('of an MP3 in which nothing is found, and of anything else, nothing is left out', async () => {
  const mp3 = await loaded(100, 'audio/mpeg');
  expect([mp3.exactDuration, mp3.added, mp3.softness, edgesOf.length]).toEqual([100, 0, 0, 1]);
  edges = { begin: 0.025, end: 99.98, soft: 0.01 };
  const wav = await loaded(100);
  expect([wav.exactDuration, wav.added, edgesOf.length]).toEqual([100, 0, 1]);
});

test('where it knows the length, nothing is read', async () => {
  places = () => 0;
  const track = make();
  Object.defineProperty(deck().element, 'duration', { value: 100.02 });
  deck().now.readyState = 4;
  deck().say('loadedmetadata');
  await vi.advanceTimersByTimeAsync(0);
  track.seek(50);
  expect(deck().now.currentTime).toBe(50);
});

test('a start from a second waits until the element can seek', () => {
  const track = make(30);
  track.play();
  expect([deck().plays, deck().now.currentTime, track.position]).toEqual([1, 0, 30]);
  deck().now.readyState = 1;
  deck().say('loadedmetadata');
  expect(deck().now.currentTime).toBe(30);
});

test('one that says it plays and does not move gets another element after three seconds, from the same place', async () => {
  const track = make();
  track.play();
  moveTo(12);
  deck().say('waiting');
  told = [];
  await vi.advanceTimersByTimeAsync(3000);
  expect(told).toEqual(['waiting']);
  await vi.advanceTimersByTimeAsync(500);
  expect([decks.length, deck(0).freed, told.at(-1), deck().plays]).toEqual([2, [true], 'attach', 1]);
  expect(track.position).toBe(12);
});

test('a stream that loads slowly is given twelve seconds', async () => {
  make().play();
  await vi.advanceTimersByTimeAsync(11_000);
  expect(decks).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(2000);
  expect(decks).toHaveLength(2);
});

test('a server that is away is asked four times in all, then the source has failed, once', async () => {
  make().play();
  for (let turn = 0; turn < 4; turn += 1) {
    deck().say('error');
    await vi.advanceTimersByTimeAsync(5000);
  }
  expect(decks).toHaveLength(4);
  expect(told.filter((one) => one.startsWith('failed'))).toEqual(['failed load']);
});

test('after two seconds of sound earlier trouble is forgotten', async () => {
  make().play();
  for (let turn = 0; turn < 6; turn += 1) {
    deck().say('error');
    await vi.advanceTimersByTimeAsync(5000);
    moveTo(turn * 10 + 1);
    moveTo(turn * 10 + 4);
  }
  expect(told.filter((one) => one.startsWith('failed'))).toEqual([]);
});

test.each(['codec', 'gone'] as const)('what can never play (%s) fails at once', async (why) => {
  reason = why;
  make().play();
  deck().say('error');
  await vi.advanceTimersByTimeAsync(10_000);
  expect([decks.length, told]).toEqual([1, [`failed ${why}`]]);
});

test('a pause that nobody asked for is told, the one before the end is not', () => {
  const track = make();
  track.play();
  moveTo(3);
  deck().say('pause');
  expect(told).toEqual(['moved', 'paused']);
  track.pause();
  deck().say('pause');
  expect(told).toEqual(['moved', 'paused']);
});

test('freed, it says nothing any more', async () => {
  const track = make();
  track.play();
  track.free();
  deck().say('error');
  deck().say('playing');
  await vi.advanceTimersByTimeAsync(20_000);
  expect([told, decks.length, deck().freed]).toEqual([[], 1, [false]]);
});
