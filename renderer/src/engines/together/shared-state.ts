/**
 * What both sides hear, and where: one state that either side changes. Each change has a revision, a logical clock and
 * the side that made it; the higher revision wins on both sides, so that they agree whatever the order in which changes
 * arrive. Pure: times are passed in.
 *
 * A position belongs to a moment of the clock of the side that told it. It is not converted when it arrives but when it
 * is asked for, so that a better estimate of the clocks takes effect at once.
 */
import { MOST_NEXT, type Revision, type Side, type TogetherMessage } from './message.ts';

export interface SharedState {
  readonly revision: Revision;
  /** A track of the library; null: nothing plays. */
  readonly track: string | null;
  /** What follows. */
  readonly next: readonly string[];
  readonly playing: boolean;
  /** Seconds into the track at the moment `at`, in milliseconds of one's own clock, or the other side's. */
  readonly position: number;
  readonly at: number;
  readonly theirClock: boolean;
}

export type SharedEvent =
  /** Another track, and what follows it. It begins a moment from now, so that both sides can load it. */
  | { kind: 'play'; track: string; next: readonly string[] }
  | { kind: 'pause' | 'resume' | 'skip' | 'stop' }
  /** To a second of the track. */
  | { kind: 'seek'; to: number }
  /** The other side's state. */
  | { kind: 'heard'; message: TogetherMessage & { kind: 'together' } };

/** This side, its clock, and the other side's clock minus this one's in milliseconds; null while it is unknown. */
export interface Moment {
  readonly me: Side;
  readonly now: number;
  readonly offset: number | null;
}

/** Seconds that both sides have for loading a track before it begins. */
export const LEAD = 0.4;

export const NOTHING_SHARED: SharedState = {
  ...{ revision: { clock: 0, by: 0 }, track: null, next: [], playing: false },
  ...{ position: 0, at: 0, theirClock: false },
};

/** Whether a change is later than another one. */
function isLater(one: Revision, other: Revision): boolean {
  return one.clock === other.clock ? one.by > other.by : one.clock > other.clock;
}

/**
 * Seconds into the track at a moment, negative before it begins; null while the other side's clock is not known.
 */
export function positionAt(state: SharedState, { now, offset }: Omit<Moment, 'me'>): number | null {
  if (!state.playing) return state.position;
  if (!state.theirClock) return state.position + (now - state.at) / 1000;
  return offset === null ? null : state.position + (now + offset - state.at) / 1000;
}

/** The same state in one's own clock: the other side is about to have another one. */
export function inOwnClock(state: SharedState, moment: Omit<Moment, 'me'>): SharedState {
  const position = positionAt(state, moment);
  return { ...state, position: position ?? Math.max(0, state.position), at: moment.now, theirClock: false };
}

function changed(state: SharedState, moment: Moment, to: Partial<SharedState>): SharedState {
  const revision = { clock: state.revision.clock + 1, by: moment.me };
  return { ...state, at: moment.now, theirClock: false, ...to, revision };
}

function begun(state: SharedState, moment: Moment, track: string, next: readonly string[]): SharedState {
  return changed(state, moment, { track, next: next.slice(0, MOST_NEXT), playing: true, position: -LEAD });
}

/** The state after an event; the same object when nothing changes. */
export function nextShared(state: SharedState, event: SharedEvent, moment: Moment): SharedState {
  const position = Math.max(0, positionAt(state, moment) ?? state.position);
  switch (event.kind) {
    case 'play':
      return begun(state, moment, event.track, event.next);
    case 'pause':
      return state.playing ? changed(state, moment, { playing: false, position }) : state;
    case 'resume':
      return state.playing || state.track === null ? state : changed(state, moment, { playing: true, position });
    case 'seek':
      if (state.track === null || !Number.isFinite(event.to)) return state;
      return changed(state, moment, { position: Math.max(0, event.to) });
    case 'skip': {
      const [track, ...next] = state.next;
      if (track === undefined) return nextShared(state, { kind: 'stop' }, moment);
      return begun(state, moment, track, next);
    }
    case 'stop':
      if (state.track === null) return state;
      return changed(state, moment, { track: null, next: [], playing: false, position: 0 });
    case 'heard': {
      const { revision, track, next, playing, at } = event.message;
      if (!isLater(revision, state.revision)) return state;
      return { revision, track, next, playing, position: event.message.position, at, theirClock: true };
    }
  }
}
