/** Stored values within what the contract allows: an earlier version, or another program, may have written anything. */
import { MOST } from '#contract/model/limits.ts';

/** A text; empty when it is none. */
export function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** A finite number; 0 when it is none. */
export function number(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : 0;
}

/** A count or measure from 0 to `most`. */
export function within(value: unknown, most: number): number {
  return Math.min(Math.max(number(value), 0), most);
}

/** A time, within what a `Date` can hold. */
export function moment(value: unknown): number {
  return Math.min(Math.max(number(value), -MOST.moment), MOST.moment);
}
