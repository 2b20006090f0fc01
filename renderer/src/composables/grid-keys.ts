/** Keyboard navigation in grids. Pure. */

/** The index that a key leads to from `at` in a grid of `count` cells; null when the key does nothing there. */
export function gridStep(key: string, at: number, count: number, columns: number): number | null {
  return sectionsStep(key, at, [count], columns);
}

/**
 * The same over several stacked grids, each starting on a new line: up and down keep the column and cross from one grid
 * into the next.
 */
export function sectionsStep(key: string, at: number, sizes: readonly number[], columns: number): number | null {
  const lines = linesOf(sizes, columns);
  const last = lines.at(-1);
  if (!last) return null;
  const from = Math.min(Math.max(at, 0), last.start + last.size - 1);
  const line = lines.findIndex(({ start, size }) => from >= start && from < start + size);
  const here = lines[line];
  if (!here) return null;
  const column = from - here.start;
  const inLine = (to: number): number => {
    const target = lines[to];
    return target ? target.start + Math.min(column, target.size - 1) : from;
  };
  switch (key) {
    case 'ArrowRight':
      return Math.min(from + 1, last.start + last.size - 1);
    case 'ArrowLeft':
      return Math.max(from - 1, 0);
    case 'ArrowDown':
      return inLine(line + 1);
    case 'ArrowUp':
      return inLine(line - 1);
    case 'Home':
      return here.start;
    case 'End':
      return here.start + here.size - 1;
    default:
      return null;
  }
}

function linesOf(sizes: readonly number[], columns: number): { start: number; size: number }[] {
  const lines: { start: number; size: number }[] = [];
  let start = 0;
  for (const size of sizes) {
    for (let done = 0; done < size; done += columns) {
      const width = Math.min(columns, size - done);
      lines.push({ start, size: width });
      start += width;
    }
  }
  return lines;
}
