/** Follows one message, or one start, through the stamps: which of them are its own, in the order of its way. */
import type { PlacedStamp, Place, StampKind } from './stamp.ts';

/** One moment that a way may pass. */
export interface Milestone {
  readonly key: string;
  /** What happens then, for the table. */
  readonly what: string;
  readonly place: Place;
  readonly kind: StampKind;
  /** Null: whatever its operation. */
  readonly op: string | null;
  /** Null: over whichever connection. */
  readonly peer: Place | null;
  /** The stamp tells which message it belongs to. */
  readonly named: boolean;
  /** Every way passes it. The others are sought between these. */
  readonly always: boolean;
  /** Which of several is meant: `only` refuses to choose. */
  readonly pick: 'only' | 'first' | 'last';
}

/** The time that belongs to one message, from its key to the next one's, in milliseconds since the epoch. */
export interface Turn {
  word: number;
  from: number;
  until: number;
}

/** A milestone that was passed. */
export interface Moment {
  key: string;
  at: number;
}

export type Followed = { ok: true; moments: Moment[] } | { ok: false; reason: string };

/** From each key to the next one. @param stamps sorted by time. */
export function turnsOf(stamps: readonly PlacedStamp[]): Turn[] {
  const keys = stamps.filter(({ kind }) => kind === 'key');
  return keys.flatMap(({ at, words: [word] }, index) => {
    const until = keys[index + 1]?.at ?? Number.POSITIVE_INFINITY;
    return word === undefined ? [] : [{ word, from: at, until }];
  });
}

/** Milliseconds by which two processes may disagree about the time. Within a process the order is strict. */
export const CLOCK_SLACK_MS = 1;

function fits(milestone: Milestone, stamp: PlacedStamp, word: number): boolean {
  return (
    stamp.place === milestone.place &&
    stamp.kind === milestone.kind &&
    (milestone.op === null || stamp.op === milestone.op) &&
    (milestone.peer === null || stamp.peer === milestone.peer) &&
    (!milestone.named || stamp.words.includes(word))
  );
}

interface Passed {
  milestone: Milestone;
  at: number;
}

function earliest(milestone: Milestone, before: Passed | null): number {
  if (!before) return Number.NEGATIVE_INFINITY;
  return before.milestone.place === milestone.place ? before.at : before.at - CLOCK_SLACK_MS;
}

function latest(milestone: Milestone, after: Passed | null): number {
  if (!after) return Number.POSITIVE_INFINITY;
  return after.milestone.place === milestone.place ? after.at : after.at + CLOCK_SLACK_MS;
}

/** The time of a milestone between its neighbours; null: it was not passed. Throws what a person should read. */
function seek(
  milestone: Milestone,
  stamps: readonly PlacedStamp[],
  word: number,
  between: { before: Passed | null; after: Passed | null },
): number | null {
  const from = earliest(milestone, between.before);
  const until = latest(milestone, between.after);
  const fitting = stamps.filter((stamp) => fits(milestone, stamp, word));
  if (milestone.pick === 'only' && fitting.length > 1) {
    throw new Ambiguous(`${milestone.what}: ${fitting.length} times`);
  }
  const found = fitting.filter(({ at }) => at >= from && at <= until);
  return found.at(milestone.pick === 'last' ? -1 : 0)?.at ?? null;
}

class Ambiguous extends Error {}

/** What is surest first: what every way passes, then what tells its message, then what is only known by its neighbours. */
const ORDER: readonly ((milestone: Milestone) => boolean)[] = [
  ({ always }) => always,
  ({ always, named }) => !always && named,
  ({ always, named }) => !always && !named,
];

/**
 * Finds a way's milestones for one message.
 * @param way in the order in which they are passed.
 * @param stamps sorted by time.
 */
export function follow(way: readonly Milestone[], stamps: readonly PlacedStamp[], turn: Turn): Followed {
  const own = stamps.filter(({ at }) => at >= turn.from - CLOCK_SLACK_MS && at < turn.until);
  const passed: (Passed | null)[] = way.map(() => null);
  try {
    for (const isNext of ORDER) {
      for (const [place, milestone] of way.entries()) {
        if (!isNext(milestone)) continue;
        const before = passed.slice(0, place).findLast((one) => one !== null) ?? null;
        const after = passed.slice(place + 1).find((one) => one !== null) ?? null;
        const at = seek(milestone, own, turn.word, { before, after });
        if (at !== null) passed[place] = { milestone, at };
        else if (milestone.always) return { ok: false, reason: `${milestone.what}: not seen` };
      }
    }
  } catch (error) {
    if (error instanceof Ambiguous) return { ok: false, reason: error.message };
    throw error;
  }
  return { ok: true, moments: passed.flatMap((one) => (one ? [{ key: one.milestone.key, at: one.at }] : [])) };
}

/**
 * Milliseconds between two moments of a message that may lie beside its way; null when one of them is missing or does
 * not stand alone.
 */
export function between(
  pair: readonly [Milestone, Milestone],
  stamps: readonly PlacedStamp[],
  turn: Turn,
): number | null {
  const followed = follow(
    pair.map((milestone) => ({ ...milestone, always: true })),
    stamps,
    turn,
  );
  const [from, to] = followed.ok ? followed.moments : [];
  return from && to ? to.at - from.at : null;
}
