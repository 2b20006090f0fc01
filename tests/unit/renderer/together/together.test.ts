/** Two sides that listen together, over a link with a delay, with players of the test and clocks that differ. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { AudioEngine, AudioEvent } from '../../../../renderer/src/engines/audio/types.ts';
import { createTogether, type Together } from '../../../../renderer/src/stores/together/together.ts';
import { trackView } from '../music/track.ts';

/** A player that needs 120 ms to load and 60 ms to seek, and tells its place four times a second. */
interface FakePlayer extends AudioEngine {
  at(): number | null;
  fail(): void;
  level: number;
  address: string;
}

const players: FakePlayer[] = [];
const DURATION = 30;

function fakePlayer(hear: (event: AudioEvent) => void): FakePlayer {
  let [from, since, rate, playing, loaded] = [0, 0, 1, false, false];
  const at = (): number => from + (playing ? (Math.max(0, Date.now() - since) / 1000) * rate : 0);
  const settle = (delay = 0): void => void ([from, since] = [at(), Date.now() + delay]);
  setInterval(() => {
    if (!loaded || !playing) return;
    if (at() >= DURATION) {
      [playing, from] = [false, DURATION];
      hear({ kind: 'ended' });
    } else hear({ kind: 'position', at: at() });
  }, 250);
  const player: FakePlayer = {
    ...{ level: 1, address: '' },
    at: () => (loaded && playing ? at() : null),
    fail: () => hear({ kind: 'failed', reason: 'gone', prepared: false }),
    load(source, second = 0) {
      player.address = source.address;
      [from, since, playing, loaded] = [second, Date.now() + 120, false, true];
    },
    play() {
      if (!playing) since = Math.max(since, Date.now());
      playing = true;
    },
    pause() {
      settle();
      playing = false;
    },
    seek(second) {
      from = second;
      since = Date.now() + 60;
    },
    volume: (level) => void (player.level = level),
    rate(next) {
      settle();
      rate = next;
    },
    prepare: () => undefined,
    unload: () => void ([playing, loaded] = [false, false]),
  };
  players.push(player);
  return player;
}

vi.mock('../../../../renderer/src/stores/player/lazy-engine.ts', () => ({
  createLazyEngine(hear: (event: AudioEvent) => void) {
    const player = fakePlayer(hear);
    return {
      run: (job: (engine: AudioEngine) => void) => job(player),
      ifThere: (job: (engine: AudioEngine) => void) => job(player),
    };
  },
}));

const ids = ['a', 'b', 'c'];
const library = (known: readonly string[]) => (id: string) =>
  Promise.resolve(known.includes(id) ? { ...trackView(id), duration: DURATION } : null);

interface Side {
  together: Together;
  player: FakePlayer;
  sent: string[];
}
let sides: [Side, Side];
let open = true;

function side(me: 0 | 1, clock: number, known: readonly string[] = ids): Side {
  const sent: string[] = [];
  const together = createTogether({
    me,
    find: library(known),
    now: () => Date.now() - 1_700_000_000_000 + clock,
    send(text) {
      if (!open) return;
      sent.push(text);
      setTimeout(() => open && sides[me === 0 ? 1 : 0].together.receive(text), 40);
    },
  });
  const player = players.at(-1);
  if (!player) throw new Error('there is no player');
  return { together, player, sent };
}

function connect(one: Side, other: Side): void {
  sides = [one, other];
  for (const { together } of sides) together.opened();
}
const pass = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);
const skew = (): number => Math.abs((sides[0].player.at() ?? Number.NaN) - (sides[1].player.at() ?? Number.NaN));

beforeEach(() => {
  vi.useFakeTimers({ now: 1_700_000_000_000 });
  players.length = 0;
  open = true;
  connect(side(0, 5_000), side(1, 9_000_000));
});
afterEach(() => {
  for (const { together } of sides) together.close();
  vi.useRealTimers();
});

describe('in step', () => {
  test('what one side plays the other hears at the same place, within 30 ms', async () => {
    await pass(1_000);
    sides[0].together.play(ids);
    await pass(6_000);
    expect(sides.map(({ player }) => player.address)).toEqual(['./media/fa', './media/fa']);
    expect(sides.map(({ together }) => together.view.there)).toEqual([true, true]);
    expect(skew()).toBeLessThan(0.03);
    expect(sides[0].together.view.position).toBeCloseTo(5.6, 0);
  });

  test('also before the clocks are known: nothing is guessed', async () => {
    sides[0].together.play(ids);
    await pass(8_000);
    expect(skew()).toBeLessThan(0.03);
  });

  test('both pause, seek, skip and stop', async () => {
    sides[0].together.play(ids);
    await pass(3_000);
    sides[1].together.toggle();
    await pass(500);
    expect(sides.map(({ player }) => player.at())).toEqual([null, null]);
    expect(sides[0].together.view.position).toBeCloseTo(sides[1].together.view.position, 3);
    sides[0].together.toggle();
    await pass(100);
    sides[1].together.seek(20);
    await pass(5_000);
    expect(skew()).toBeLessThan(0.03);
    expect(sides[0].player.at() ?? 0).toBeGreaterThan(24);
    sides[1].together.skip();
    await pass(4_000);
    expect(sides.map(({ together }) => together.view.trackId)).toEqual(['b', 'b']);
    expect(skew()).toBeLessThan(0.03);
    sides[0].together.stop();
    await pass(200);
    expect(sides.map(({ together, player }) => [together.view.trackId, player.at()])).toEqual([
      [null, null],
      [null, null],
    ]);
  });

  test('the end of a track is the begin of the next one, once; the end of the last one is silence', async () => {
    sides[0].together.play(['a', 'b']);
    await pass(DURATION * 1000 + 4_000);
    expect(sides.map(({ together }) => together.view.trackId)).toEqual(['b', 'b']);
    expect(skew()).toBeLessThan(0.05);
    await pass(DURATION * 1000 + 4_000);
    expect(sides.map(({ together, player }) => [together.view.trackId, player.at()])).toEqual([
      [null, null],
      [null, null],
    ]);
  });

  test('when the side that chose the track is not there at its end, the other one goes on', async () => {
    sides[0].together.play(['a', 'b']);
    await pass(2_000);
    sides[0].together.join(false);
    await pass(DURATION * 1000 + 3_000);
    expect(sides[1].together.view.trackId).toBe('b');
    expect(sides[1].player.at()).not.toBeNull();
  });
});

describe('who takes part', () => {
  test('who leaves is silent, the other one is told and goes on; who joins late is at the place', async () => {
    sides[0].together.play(ids);
    await pass(3_000);
    sides[1].together.join(false);
    await pass(200);
    expect(sides[1].player.at()).toBeNull();
    expect([sides[0].together.view.there, sides[1].together.view.there]).toEqual([false, true]);
    expect(sides[0].player.at()).not.toBeNull();
    await pass(5_000);
    sides[1].together.join(true);
    await pass(4_000);
    expect(skew()).toBeLessThan(0.03);
    expect(sides[0].together.view.there).toBe(true);
  });

  test('another page with another clock comes back to the place', async () => {
    sides[0].together.play(ids);
    await pass(5_000);
    sides[1].together.close();
    const again = side(1, 77);
    connect(sides[0], again);
    await pass(6_000);
    expect(again.together.view.trackId).toBe('a');
    expect(skew()).toBeLessThan(0.03);
    // And has its say.
    again.together.toggle();
    await pass(200);
    expect(sides[0].player.at()).toBeNull();
  });

  test('a link that is cut leaves the music, and says that nobody else is there', async () => {
    sides[0].together.play(ids);
    await pass(3_000);
    open = false;
    await pass(8_000);
    expect(sides.map(({ together }) => together.view.there)).toEqual([false, false]);
    expect(sides.every(({ player }) => player.at() !== null)).toBe(true);
  });

  test('after the end of the call nothing plays and nothing is sent', async () => {
    sides[0].together.play(ids);
    await pass(3_000);
    sides[0].together.close();
    const told = sides[0].sent.length;
    await pass(10_000);
    expect(sides[0].player.at()).toBeNull();
    expect(sides[0].sent).toHaveLength(told);
  });
});

describe('trouble', () => {
  test('a track that the library does not have is said, and the next one plays', async () => {
    sides[1].together.close();
    connect(sides[0], side(1, 3, ['b']));
    sides[0].together.play(['a', 'b']);
    await pass(1_000);
    expect(sides[1].together.view).toMatchObject({ problem: 'unknown', track: null });
    expect(sides[1].player.at()).toBeNull();
    sides[0].together.skip();
    await pass(4_000);
    expect(sides[1].together.view.problem).toBeNull();
    expect(skew()).toBeLessThan(0.05);
  });

  test('a track that cannot be played is said', async () => {
    sides[0].together.play(ids);
    await pass(2_000);
    sides[0].player.fail();
    expect(sides[0].together.view.problem).toBe('failed');
  });

  test('a hostile other side reaches nothing: no address, no flood', async () => {
    const { together, player } = sides[0];
    const evil = { kind: 'together', here: true, next: [], playing: true, position: 0, at: 0 };
    for (const track of ['https://example.org/x.mp3', '../../etc', 7])
      together.receive(JSON.stringify({ ...evil, track, revision: { clock: 9, by: 1 } }));
    expect(together.view.trackId).toBeNull();
    const find = vi.fn(library(ids));
    const alone = createTogether({ me: 0, find, now: () => Date.now() - 1_700_000_000_000, send: () => undefined });
    for (let clock = 1; clock < 2_000; clock += 1)
      alone.receive(JSON.stringify({ ...evil, track: `t${String(clock)}`, revision: { clock, by: 1 } }));
    await pass(100);
    expect(find.mock.calls.length).toBeLessThan(50);
    expect(player.address).toBe('');
    alone.close();
  });
});

test('the music is softer while somebody speaks, and as loud as it is set', () => {
  const { together, player } = sides[0];
  together.loud(0.5, false);
  const before = player.level;
  together.loud(0.5, true);
  expect(player.level).toBeLessThan(before / 2);
  together.loud(1, false);
  expect(player.level).toBe(1);
});
