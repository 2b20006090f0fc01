/**
 * One text that holds all mutants of a file, each behind a switch: the file is transformed and loaded once, and a mutant
 * costs nothing but its tests. The switch answers true for the one mutant that is on, and counts who was asked.
 */
import type { Mutant } from './mutators.ts';

/** The name of the switch on `globalThis`. */
export const SWITCH = '__relay_mutant__';

interface Place {
  start: number;
  end: number;
  mutants: { id: number; replacement: string }[];
  inner: Place[];
  isStatement: boolean;
}

/** Mutants of one place together, places within each other as the syntax has them. */
function placesOf(mutants: readonly Mutant[], firstId: number): Place[] {
  const root: Place[] = [];
  const open: Place[] = [];
  mutants.forEach((mutant, index) => {
    const { start, end, replacement } = mutant;
    for (let top = open.at(-1); top && top.end <= start; top = open.at(-1)) open.pop();
    const isStatement = replacement === '';
    const top = open.at(-1);
    const last =
      top && top.start === start && top.end === end && top.isStatement === isStatement
        ? top
        : { start, end, mutants: [], inner: [], isStatement };
    if (last !== top) {
      (top?.inner ?? root).push(last);
      open.push(last);
    }
    last.mutants.push({ id: firstId + index, replacement });
  });
  return root;
}

/**
 * The source with all of its mutants switched off.
 * @param mutants of `mutantsOf`, in its order. @param firstId the number of the first one.
 */
export function instrument(source: string, mutants: readonly Mutant[], firstId: number): string {
  const write = (from: number, to: number, places: readonly Place[]): string => {
    let text = '';
    let at = from;
    for (const place of places) {
      text += source.slice(at, place.start) + wrap(place);
      at = place.end;
    }
    return text + source.slice(at, to);
  };
  const wrap = (place: Place): string => {
    const whole = write(place.start, place.end, place.inner);
    const isOn = (id: number): string => `globalThis.${SWITCH}(${String(id)})`;
    // In brackets of its own, so that no `else` finds another `if`.
    if (place.isStatement) return `{if(!${place.mutants.map(({ id }) => isOn(id)).join('&&!')}){${whole}}}`;
    const others = place.mutants.map(({ id, replacement }) => `${isOn(id)}?(${replacement}):`).join('');
    return `(${others}(${whole}))`;
  };
  return write(0, source.length, placesOf(mutants, firstId));
}
