/**
 * An invitation to listen along, as words that any client can show: "Listening to Slow Light by Paper Harbour since
 * 2026-03-14T20:15:00.000Z". Pure.
 */
export interface Listening {
  title: string;
  artist: string | null;
  /** When its first second was heard; milliseconds since the epoch. */
  since: number;
}

const WORDS = /^\s*Listening to (\S[^\n]{0,700}?) since (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,3})?Z)\s*$/;
/** An invitation that is older is over, whatever it is to. */
const LONGEST_MS = 86_400_000;

/** The words of an invitation. */
export function listeningWords({ title, artist, since }: Listening): string {
  const what = artist === null ? title : `${title} by ${artist}`;
  return `Listening to ${what.replaceAll(/\s+/g, ' ')} since ${new Date(since).toISOString()}`;
}

/**
 * The invitation that a message is; null when it is none. The last " by " parts title and artist: titles have it more
 * often than names.
 */
export function listeningIn(text: string): Listening | null {
  const found = WORDS.exec(text);
  if (!found) return null;
  const [, what = '', at = ''] = found;
  const since = Date.parse(at);
  if (!Number.isFinite(since)) return null;
  const split = what.lastIndexOf(' by ');
  return split <= 0
    ? { title: what, artist: null, since }
    : { title: what.slice(0, split), artist: what.slice(split + 4), since };
}

/** The second that plays now; null before it began and when it is over. @param duration seconds */
export function secondNow({ since }: Listening, duration: number, now: number): number | null {
  const passed = now - since;
  // A clock may be a little ahead of another.
  if (passed < -60_000 || passed > LONGEST_MS) return null;
  const second = Math.max(0, passed / 1000);
  return second < duration ? second : null;
}
