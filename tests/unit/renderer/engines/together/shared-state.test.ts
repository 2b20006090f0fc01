import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Side, TogetherMessage } from '../../../../../renderer/src/engines/together/message.ts';
import {
  inOwnClock,
  LEAD,
  nextShared,
  NOTHING_SHARED,
  positionAt,
  type Moment,
  type SharedEvent,
  type SharedState,
} from '../../../../../renderer/src/engines/together/shared-state.ts';

const at = (now: number, me: Side = 0, offset: number | null = 0): Moment => ({ me, now, offset });
const PLAYING = nextShared(NOTHING_SHARED, { kind: 'play', track: 'a', next: ['b', 'c'] }, at(1_000));

/** What a side tells of its state. */
const told = (state: SharedState, moment: Moment): TogetherMessage & { kind: 'together' } => {
  const { revision, track, next, playing } = state;
  const own = inOwnClock(state, moment);
  return { kind: 'together', here: true, revision, track, next, playing, position: own.position, at: own.at };
};

describe('a change', () => {
  test('playing begins a moment later, so that both can load it', () => {
    expect(positionAt(PLAYING, at(1_000))).toBeCloseTo(-LEAD);
    expect(positionAt(PLAYING, at(1_000 + LEAD * 1000))).toBeCloseTo(0);
    expect(positionAt(PLAYING, at(11_000 + LEAD * 1000))).toBeCloseTo(10);
  });

  test.each<[string, SharedState, SharedEvent, Partial<SharedState> | 'nothing']>([
    ['pause keeps the place', PLAYING, { kind: 'pause' }, { playing: false, position: 8.6, track: 'a' }],
    ['pause before it begins', { ...PLAYING, at: 9_900 }, { kind: 'pause' }, { playing: false, position: 0 }],
    ['pause twice', { ...PLAYING, playing: false }, { kind: 'pause' }, 'nothing'],
    [
      'resume goes on from there',
      { ...PLAYING, playing: false, position: 5 },
      { kind: 'resume' },
      { playing: true, position: 5 },
    ],
    ['resume while it plays', PLAYING, { kind: 'resume' }, 'nothing'],
    ['resume of nothing', NOTHING_SHARED, { kind: 'resume' }, 'nothing'],
    ['seek while it plays', PLAYING, { kind: 'seek', to: 30 }, { playing: true, position: 30 }],
    ['seek before the begin', PLAYING, { kind: 'seek', to: -3 }, { position: 0 }],
    ['seek to nowhere', PLAYING, { kind: 'seek', to: Number.NaN }, 'nothing'],
    ['seek in nothing', NOTHING_SHARED, { kind: 'seek', to: 3 }, 'nothing'],
    ['skip takes the next one', PLAYING, { kind: 'skip' }, { track: 'b', next: ['c'], playing: true, position: -LEAD }],
    ['skip of the last one ends it', { ...PLAYING, next: [] }, { kind: 'skip' }, { track: null, playing: false }],
    ['stop', PLAYING, { kind: 'stop' }, { track: null, next: [], playing: false, position: 0 }],
    ['stop of nothing', NOTHING_SHARED, { kind: 'stop' }, 'nothing'],
  ])('%s', (_what, before, event, after) => {
    const next = nextShared(before, event, at(10_000, 1));
    if (after === 'nothing') return expect(next).toBe(before);
    expect(next).toMatchObject({ ...after, at: 10_000, theirClock: false });
    expect(next.revision).toEqual({ clock: before.revision.clock + 1, by: 1 });
  });

  test('no more tracks follow than a message holds', () => {
    const next = Array.from({ length: 500 }, (_, n) => `t${String(n)}`);
    expect(nextShared(NOTHING_SHARED, { kind: 'play', track: 'a', next }, at(0)).next).toHaveLength(30);
  });
});

describe('the other side’s clock', () => {
  const heard = nextShared(NOTHING_SHARED, { kind: 'heard', message: told(PLAYING, at(2_000)) }, at(500, 1, 1_500));

  test('is turned into one’s own with the offset, as soon as there is one', () => {
    expect(positionAt(heard, at(500, 1, null))).toBeNull();
    expect(positionAt(heard, at(500, 1, 1_500))).toBeCloseTo(0.6);
    expect(positionAt(heard, at(1_500, 1, 1_500))).toBeCloseTo(1.6);
    // A better estimate takes effect at once.
    expect(positionAt(heard, at(1_500, 1, 1_520))).toBeCloseTo(1.62);
  });

  test('is let go of when another one may follow', () => {
    const own = inOwnClock(heard, at(1_500, 1, 1_500));
    expect(positionAt(own, at(2_500, 1, -99_999))).toBeCloseTo(2.6);
    expect(own.revision).toEqual(heard.revision);
  });

  test('a state that is repeated, or older, changes nothing', () => {
    const newer = nextShared(heard, { kind: 'pause' }, at(900, 1, 1_500));
    for (const state of [heard, newer])
      expect(nextShared(state, { kind: 'heard', message: told(PLAYING, at(3_000)) }, at(1_000, 1, 1_500))).toBe(state);
  });

  test('a side that comes back with nothing takes what the other one has, also a change of its own', () => {
    const late = nextShared(NOTHING_SHARED, { kind: 'heard', message: told(PLAYING, at(61_400)) }, at(50, 0, 61_350));
    expect(late.track).toBe('a');
    expect(positionAt(late, at(50, 0, 61_350))).toBeCloseTo(60);
  });
});

/** Changes of both sides, and messages that may be lost or overtake each other: at the end both say what they have. */
const step = fc.record({
  side: fc.constantFrom<Side>(0, 1),
  event: fc.oneof(
    fc.record({ kind: fc.constant('play' as const), track: fc.constantFrom('a', 'b', 'c'), next: fc.constant(['d']) }),
    fc.record({ kind: fc.constantFrom('pause' as const, 'resume' as const, 'skip' as const, 'stop' as const) }),
    fc.record({ kind: fc.constant('seek' as const), to: fc.double({ min: 0, max: 600, noNaN: true }) }),
  ),
  delivered: fc.boolean(),
});

test('whatever both sides do at once, and whatever is lost, they agree once they have told each other', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), fc.integer({ min: -1e6, max: 1e6 }), (steps, skew) => {
      const states: [SharedState, SharedState] = [NOTHING_SHARED, NOTHING_SHARED];
      const momentOf = (side: Side, time: number): Moment =>
        side === 0 ? at(2e6 + time, 0, skew) : at(2e6 + time + skew, 1, -skew);
      const tell = (from: Side, time: number): void => {
        const to = from === 0 ? 1 : 0;
        const message = told(states[from], momentOf(from, time));
        states[to] = nextShared(states[to], { kind: 'heard', message }, momentOf(to, time));
      };
      steps.forEach(({ side, event, delivered }, n) => {
        states[side] = nextShared(states[side], event, momentOf(side, n * 700));
        if (delivered) tell(side, n * 700);
      });
      const end = steps.length * 700;
      tell(0, end);
      tell(1, end);
      const [one, other] = states;
      expect(other.revision).toEqual(one.revision);
      expect([other.track, other.playing, other.next]).toEqual([one.track, one.playing, one.next]);
      const [here, there] = [positionAt(one, momentOf(0, end)), positionAt(other, momentOf(1, end))];
      expect(Math.abs((here ?? Number.NaN) - (there ?? Number.NaN))).toBeLessThan(1e-6);
    }),
  );
});
