/**
 * Pages by offset of long lists, newest first. To reach an offset, a database passes over everything before it; so an offset
 * is reached in steps, between which others have their turn, and the positions on the way are remembered. They are
 * remembered by how many rows lie behind them, which does not change when newer rows come.
 */
import type { TimeList, TimePlace } from '../repositories/ports.ts';
import type { Turns } from '../turns.ts';

const HOUR_MS = 3_600_000;

export interface DeepPagesOptions {
  turns: Turns;
  /** Rows passed over per turn. */
  step?: number;
  /** Positions remembered per list. */
  remembered?: number;
  /** The hour through whose rows an offset is reached, and how many newer rows there are: saves passing over them. */
  reaching?: (offset: number) => Promise<{ hour: number; before: number } | null>;
}

export interface DeepPages<Row> {
  page(limit: number, offset: number): Promise<Row[]>;
}

/** Where a page begins: after a row, or at the top (null), with so many rows behind it. */
interface Place {
  row: TimePlace | null;
  behind: number;
  /** Whether `behind` is sure: nothing came while it was counted from the top. */
  isSure: boolean;
}

/**
 * @param count the number of rows in the list.
 * @param isKept whether rows never leave the list: only then positions are remembered.
 */
export function createDeepPages<Row extends TimePlace>(
  list: Pick<TimeList<Row>, 'page' | 'skip'>,
  count: () => Promise<number>,
  isKept: boolean,
  { turns, step = 5000, remembered = 1000, reaching }: DeepPagesOptions,
): DeepPages<Row> {
  /** Rows by the number of those behind them. */
  const places = new Map<number, TimePlace>();

  function remember({ row, behind, isSure }: Place): void {
    if (!row || !isKept || !isSure || behind <= 0) return;
    places.set(behind, { createdAt: row.createdAt, id: row.id });
    const oldest = places.keys().next();
    if (places.size > remembered && !oldest.done) places.delete(oldest.value);
  }

  /** The remembered place closest before the one with so many rows behind it, or else the top. */
  function nearest(behind: number, total: number): Place {
    let best = total;
    for (const known of places.keys()) if (known >= behind && known < best) best = known;
    return { row: places.get(best) ?? null, behind: best, isSure: true };
  }

  /** Where the hour with this offset begins, unless a place that is known is as close. */
  async function byHour(offset: number, total: number, known: number): Promise<Place | null> {
    const found = await reaching?.(offset);
    if (!found || found.before === 0 || total - found.before >= known) return null;
    // Before everything of that hour, and after all that is newer.
    const row = { createdAt: (found.hour + 1) * HOUR_MS, id: '' };
    return { row, behind: total - found.before, isSure: (await count()) === total };
  }

  /** The place after so many more rows; null beyond the end. */
  async function further(from: Place, rows: number): Promise<Place | null> {
    const row = await list.skip(from.row, rows);
    if (!row) return null;
    // From the top, what came meanwhile was counted as well.
    const isSure = from.isSure && (from.row !== null || (await count()) === from.behind);
    return { row, behind: from.behind - rows, isSure };
  }

  async function placeOf(offset: number, total: number): Promise<Place | null> {
    const wanted = total - offset;
    if (wanted <= 0) return offset === 0 ? { row: null, behind: total, isSure: false } : null;
    let place: Place | null = offset === 0 ? { row: null, behind: total, isSure: true } : nearest(wanted, total);
    if (reaching && place.behind - wanted > step) place = (await byHour(offset, total, place.behind)) ?? place;
    while (place && place.behind > wanted) {
      await turns.next();
      place = await further(place, Math.min(step, place.behind - wanted));
      if (place) remember(place);
    }
    return place;
  }

  return {
    async page(limit, offset) {
      const place = await placeOf(offset, await count());
      if (!place) return [];
      const rows = await list.page(place.row, limit);
      // Where the next page begins. At the top something may have come since it was counted.
      const isSure = place.isSure && (place.row !== null || (await count()) === place.behind);
      remember({ row: rows.at(-1) ?? null, behind: place.behind - rows.length, isSure });
      return rows;
    },
  };
}
