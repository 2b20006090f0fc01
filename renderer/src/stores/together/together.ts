/**
 * Listening together in a call: both sides have one state (engines/together/shared-state.ts), each plays the track from
 * its own library, and each keeps its player where the state says. Only words travel over the data channel.
 */
import { shallowReactive } from 'vue';
import type { TrackView } from '#contract/ipc/music-views.ts';
import { FULL_BUDGET, spend } from '../../engines/together/budget.ts';
import { parseTogether, togetherText, type Side, type TogetherMessage } from '../../engines/together/message.ts';
import {
  inOwnClock,
  nextShared,
  NOTHING_SHARED,
  positionAt,
  type Moment,
  type SharedEvent,
} from '../../engines/together/shared-state.ts';
import { createPeerClock } from './clock.ts';
import { createTogetherSound } from './sound.ts';

/** Milliseconds between two looks at the time, and between two repetitions of the state. */
const TICK_MS = 250;
const REPEAT_MS = 2_000;
/** Milliseconds without a word after which the other side does not listen. */
const QUIET_MS = 3 * REPEAT_MS;
/** Milliseconds that the side which did not choose the track waits at its end for the other one to go on. */
const FOLLOW_MS = 1_500;
/** Seconds around the end of a track in which it counts as over, and after which it is over in any case. */
const NEAR_END = 3;
const PAST_END = 1;

/** What the screens show. */
export interface TogetherView {
  /** The file of what is shared; null: nothing. */
  trackId: string | null;
  /** Its row in this person's library, once it is known. */
  track: TrackView | null;
  /** How many follow. */
  following: number;
  playing: boolean;
  /** Seconds. */
  position: number;
  /** This side takes part, and the other one. */
  here: boolean;
  there: boolean;
  waiting: boolean;
  /** The library does not have it, or it could not be played. */
  problem: 'unknown' | 'failed' | null;
  /** Milliseconds by which this side is ahead, as last measured; null while it is not known. */
  skew: number | null;
  /** Milliseconds to the other side and back; null while it is not known. */
  roundTrip: number | null;
}

export interface TogetherParts {
  readonly me: Side;
  /** Sends a text to the other side; it may get lost. */
  readonly send: (text: string) => void;
  /** A track of this person's library; null when it is not there. */
  readonly find: (id: string) => Promise<TrackView | null>;
  /** Milliseconds, monotonic. */
  readonly now: () => number;
}

export interface Together {
  readonly view: TogetherView;
  /** Plays tracks for both, the first one now. */
  play(ids: readonly string[]): void;
  toggle(): void;
  /** To a second. */
  seek(seconds: number): void;
  skip(): void;
  /** Ends it for both. */
  stop(): void;
  /** Takes part again, or no longer. */
  join(here: boolean): void;
  /** The music's loudness, 0 to 1, and whether somebody speaks. */
  loud(volume: number, spoken: boolean): void;
  /** The way to the other side is open. */
  opened(): void;
  /** Something came over it. */
  receive(data: unknown): void;
  close(): void;
}

/** Begins with nothing; the other side is asked what it hears as soon as there is a way to it. */
export function createTogether({ me, send, find, now }: TogetherParts): Together {
  const view: TogetherView = shallowReactive({
    ...{ trackId: null, track: null, following: 0, playing: false, position: 0, here: true, there: false },
    ...{ waiting: false, problem: null, skew: null, roundTrip: null },
  });
  let state = NOTHING_SHARED;
  let budget = FULL_BUDGET;
  let [toldAt, heardAt] = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  /** The track is to be played once the clocks are known. */
  let pending = false;
  /** When the track was over here, while the other side is waited for. */
  let overAt: number | null = null;
  let closed = false;
  const say = (message: TogetherMessage): void => send(togetherText(message));
  const clock = createPeerClock({ send: say, now });
  const moment = (): Moment => ({ me, now: now(), offset: clock.estimate()?.offset ?? null });
  const sound = createTogetherSound({
    now,
    expected: () => (state.playing ? positionAt(state, moment()) : null),
    measured: (skew) => (view.skew = Math.round(skew * 1000)),
    tell(event) {
      view.waiting = event === 'waiting';
      if (event === 'failed') view.problem = 'failed';
      if (event === 'ended') ended();
    },
  });

  function tell(): void {
    toldAt = now();
    const { revision, track, next, playing } = state;
    // In one's own clock, whoever has told it: the other side may have another page since.
    const { position, at } = inOwnClock(state, moment());
    const sane = Math.min(Math.max(position, -1), 86_000);
    say({ kind: 'together', revision, here: view.here && track !== null, track, next, playing, position: sane, at });
  }

  /** A track that was heard to its end: the side that has chosen it goes on, the other one if that does not come. */
  function ended(): void {
    const position = positionAt(state, moment());
    // An earlier end, of a track that has been sought in since.
    if (!state.playing || position === null || (view.track && position < view.track.duration - NEAR_END)) return;
    if (state.revision.by === me || !view.there) change({ kind: 'skip' });
    else overAt = now();
  }

  /** Past its end without a word of the player: the file is shorter than it says, or could not be played. */
  function isOver(): boolean {
    const position = state.playing && view.here && overAt === null ? positionAt(state, moment()) : null;
    return position !== null && view.track !== null && position > view.track.duration + PAST_END;
  }

  function change(event: SharedEvent): void {
    const before = state;
    state = nextShared(before, event, moment());
    if (state === before) return;
    overAt = null;
    if (event.kind !== 'heard') tell();
    show();
    if (state.track !== before.track || view.problem === 'failed') {
      [view.track, view.problem] = [state.track === before.track ? view.track : null, null];
      void look(state.track);
    } else follow();
  }

  /** Finds the row of the track, and plays it if it is still the one. */
  async function look(id: string | null): Promise<void> {
    if (id === null) return follow();
    if (view.track?.id === id) return follow();
    sound.silence();
    const track = await find(id);
    if (closed || state.track !== id) return;
    view.track = track;
    view.problem = track === null ? 'unknown' : null;
    follow();
  }

  /** Lets the player do what the state says. */
  function follow(): void {
    const { track } = view;
    pending = false;
    if (!view.here || state.track === null || track?.id !== state.track) {
      view.skew = null;
      return sound.silence();
    }
    const position = positionAt(state, moment());
    if (position === null) pending = true;
    else if (!state.playing || position < track.duration) sound.place(track, position, state.playing);
    if (!state.playing) view.skew = null;
  }

  function show(): void {
    const known = positionAt(state, moment());
    const position = Math.max(0, known ?? state.position);
    const measured = clock.estimate();
    view.trackId = state.track;
    view.following = state.next.length;
    view.playing = state.playing;
    view.position = view.track ? Math.min(position, view.track.duration) : position;
    view.roundTrip = measured === null ? null : Math.round(measured.roundTrip);
    if (now() - heardAt > QUIET_MS) view.there = false;
  }

  function tick(): void {
    clock.tick();
    if (state.track !== null) {
      if (pending && clock.estimate() !== null) follow();
      if (isOver()) ended();
      if (overAt !== null && now() - overAt >= FOLLOW_MS) change({ kind: 'skip' });
      if (now() - toldAt >= REPEAT_MS) tell();
    }
    show();
  }

  const timer = setInterval(tick, TICK_MS);

  return {
    view,
    play([track, ...next]) {
      if (track === undefined) return;
      view.here = true;
      change({ kind: 'play', track, next });
    },
    toggle: () => change({ kind: state.playing ? 'pause' : 'resume' }),
    seek: (to) => change({ kind: 'seek', to }),
    skip: () => change({ kind: 'skip' }),
    stop: () => change({ kind: 'stop' }),
    join(here) {
      view.here = here;
      tell();
      follow();
    },
    loud: (volume, spoken) => sound.loud(volume, spoken),
    opened() {
      // What was told in the other side's clock stays true when the page there is another one.
      state = inOwnClock(state, moment());
      clock.reset();
      clock.tick();
      tell();
    },
    receive(data) {
      const left = spend(budget, now());
      if (left === null || closed) return;
      budget = left;
      const message = parseTogether(data);
      if (message === null) return;
      if (message.kind !== 'together') return clock.hear(message);
      heardAt = now();
      view.there = message.here;
      change({ kind: 'heard', message });
    },
    close() {
      closed = true;
      clearInterval(timer);
      sound.silence();
    },
  };
}
