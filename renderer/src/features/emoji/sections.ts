/** Which section of a scrolled list is being viewed. Pure. */

/**
 * The last section that starts at or above the line, in pixels; the first one if the line is above all. Null if empty.
 */
export function sectionAt<Id>(sections: readonly { id: Id; top: number }[], line: number): Id | null {
  const begun = sections.filter(({ top }) => top <= line);
  return (begun.at(-1) ?? sections[0])?.id ?? null;
}

/**
 * The index in a row of `count` that a key leads to from `at`, wrapping around; null when the key does nothing there.
 */
export function rowStep(key: string, at: number, count: number): number | null {
  if (count === 0) return null;
  switch (key) {
    case 'ArrowRight':
      return (at + 1) % count;
    case 'ArrowLeft':
      return (at - 1 + count) % count;
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return null;
  }
}
