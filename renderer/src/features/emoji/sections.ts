/** Which section of a scrolled list the reader is in. Pure. */

/** The last section that begins at or above the reader's line, in pixels; the first one above all. Null without any. */
export function sectionAt<Id>(sections: readonly { id: Id; top: number }[], line: number): Id | null {
  const begun = sections.filter(({ top }) => top <= line);
  return (begun.at(-1) ?? sections[0])?.id ?? null;
}

/** The place in a row of `count` that a key leads to from `at`, around its ends; null when the key is of no meaning there. */
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
