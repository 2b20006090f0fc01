/** Rearranging a list. Pure. */

/** The list with the item at `from` moved to `to`; the same list when there is nothing to move. */
export function moved<T>(items: readonly T[], from: number, to: number): readonly T[] {
  const item = items[from];
  if (item === undefined || from === to || to < 0 || to >= items.length) return items;
  const rest = items.toSpliced(from, 1);
  return rest.toSpliced(to, 0, item);
}

interface Rect {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** The index of the box nearest to a point, by its middle; -1 without boxes. */
export function nearestBox(boxes: readonly Rect[], x: number, y: number): number {
  let best = -1;
  let least = Number.POSITIVE_INFINITY;
  boxes.forEach((box, index) => {
    const distance = Math.hypot(box.left + box.width / 2 - x, box.top + box.height / 2 - y);
    if (distance < least) {
      least = distance;
      best = index;
    }
  });
  return best;
}
