/**
 * What two sides that listen together tell each other over the data channel. The other side is not trusted: every field
 * is checked for its type and its bounds, and anything else is no message. Pure.
 */

/** Which change of the shared state it is. `by`: the side that made it; on equal clocks the higher one wins. */
export interface Revision {
  readonly clock: number;
  readonly by: Side;
}

/** The two sides of a call: 1 gives way in negotiation, 0 does not. */
export type Side = 0 | 1;

export type TogetherMessage =
  /** Milliseconds of the sender's monotonic clock, here and below. */
  | { kind: 'ping'; id: number; sent: number }
  | { kind: 'pong'; id: number; received: number; sent: number }
  | {
      kind: 'together';
      revision: Revision;
      /** The sender hears it itself. */
      here: boolean;
      /** A track of the library, by its file; null: nothing plays. */
      track: string | null;
      /** What follows. */
      next: readonly string[];
      playing: boolean;
      /** Seconds into the track at the moment `at`; slightly negative while it is about to begin. */
      position: number;
      at: number;
    };

/** Tracks that follow, at most: a message has to stay small. */
export const MOST_NEXT = 30;
/** Seconds before the begin of a track at which it may be announced. */
const MOST_LEAD = 5;

/** The longest message that is looked at, in UTF-16 units. */
const LONGEST = 4_096;
const TRACK_ID = /^[A-Za-z0-9_-]{1,64}$/;
/** A day in seconds: no track is longer. */
const LONGEST_TRACK = 86_400;
/** A clock that nobody reaches by pressing buttons, and that still can be counted on from. */
const MOST_CLOCK = 2 ** 40;
/** A page does not live for so many milliseconds: about thirty years. */
const MOST_TIME = 1e12;

type Fields = Readonly<Record<string, unknown>>;

const isNumber = (value: unknown, least: number, most: number): value is number =>
  typeof value === 'number' && value >= least && value <= most;
const isCount = (value: unknown): value is number => Number.isInteger(value) && isNumber(value, 0, MOST_CLOCK);
const isTime = (value: unknown): value is number => isNumber(value, 0, MOST_TIME);
const isTrack = (value: unknown): value is string => typeof value === 'string' && TRACK_ID.test(value);

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function revisionOf(value: unknown): Revision | null {
  if (!isFields(value)) return null;
  const { clock, by } = value;
  return isCount(clock) && (by === 0 || by === 1) ? { clock, by } : null;
}

function togetherOf(fields: Fields): TogetherMessage | null {
  const { here, track, next, playing, position, at } = fields;
  const revision = revisionOf(fields['revision']);
  if (revision === null || typeof here !== 'boolean' || typeof playing !== 'boolean') return null;
  if (track !== null && !isTrack(track)) return null;
  if (!Array.isArray(next) || next.length > MOST_NEXT || !next.every(isTrack)) return null;
  if (!isNumber(position, -MOST_LEAD, LONGEST_TRACK) || !isTime(at)) return null;
  return { kind: 'together', revision, here, track, next, playing, position, at };
}

/** The message that a text carries; null for anything else. */
export function parseTogether(data: unknown): TogetherMessage | null {
  if (typeof data !== 'string' || data.length > LONGEST) return null;
  let value: unknown;
  try {
    value = JSON.parse(data);
  } catch {
    // Not JSON: a message of a newer version, or nonsense. Nothing is lost by ignoring it.
    return null;
  }
  if (!isFields(value)) return null;
  const { kind, id, sent, received } = value;
  switch (kind) {
    case 'ping':
      return isCount(id) && isTime(sent) ? { kind, id, sent } : null;
    case 'pong':
      return isCount(id) && isTime(sent) && isTime(received) ? { kind, id, received, sent } : null;
    case 'together':
      return togetherOf(value);
    default:
      return null;
  }
}

/** The text of a message. */
export const togetherText = (message: TogetherMessage): string => JSON.stringify(message);
