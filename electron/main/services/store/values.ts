/** Stored values within what the contract allows: an earlier version, or another program, may have written anything. */
import { MOST } from '#contract/model/limits.ts';

/** A text; empty when it is none. */
export function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** A text, or null when it is none. */
export function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

/** As long as ids may be. */
const LONGEST_ID = 64;

/** An id, or null when it is none that the contract takes. */
export function idOrNull(value: unknown): string | null {
  return typeof value === 'string' && value.length > 0 && value.length <= LONGEST_ID ? value : null;
}

/** An id; a placeholder that nobody has when it is none. */
export function idOr(value: unknown): string {
  return idOrNull(value) ?? '?';
}

/** A finite number; 0 when it is none. */
export function number(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : 0;
}

/** A number from `least` to `most`. */
export function between(value: unknown, least: number, most: number): number {
  return Math.min(Math.max(number(value), least), most);
}

/** A count or measure from 0 to `most`. */
export function within(value: unknown, most: number): number {
  return between(value, 0, most);
}

/** A time, or null when it is none. */
export function momentOrNull(value: unknown): number | null {
  return typeof value === 'number' ? moment(value) : null;
}

/** A time, within what a `Date` can hold. */
export function moment(value: unknown): number {
  return between(value, -MOST.moment, MOST.moment);
}
