/**
 * Pages by offset of long lists, newest first. To reach an offset, a database passes over everything before it; so an offset
 * is reached in steps, between which others have their turn, and the positions on the way are remembered. They are
 * remembered by how many rows lie behind them, which does not change when newer rows come. The way begins at whatever is
 * nearest: a remembered place, either end of the list, or either end of the hour with the offset.
 */
import type { HourReach, TimeList, TimePlace } from '../repositories/ports.ts';
import type { Turns } from '../turns.ts';

const HOUR_MS = 3_600_000;

export interface DeepPagesOptions {
  turns: Turns;
  /** Rows passed over per turn. */
  step?: number;
  /** Positions remembered per list. */
  remembered?: number;
  /** The hour through whose rows an offset is reached: saves passing over those of other hours. */
  reaching?: (offset: number) => Promise<HourReach | null>;
}

export interface DeepPages<Row> {
  page(limit: number, offset: number): Promise<Row[]>;
}

/** Where a page begins: after a row, or at the top (null), with so many rows behind it. */
interface Place {
  row: TimePlace | null;
  behind: number;
  /** Whether `behind` is sure: nothing came while it was counted. */
  isSure: boolean;
}

/** Where a part of a list ends: before a row and everything newer than that, or at the very end (null). */
interface End {
  row: TimePlace | null;
  /** Rows that are older than that. */
  behind: number;
}

/** The ends of what lies around an offset. */
interface Part {
  top: Place | null;
  end: End;
  isSure: boolean;
}

/**
 * @param count the number of rows in the list.
 * @param isKept whether rows never leave the list: only then positions are remembered.
 */
export function createDeepPages<Row extends TimePlace>(
  list: Pick<TimeList<Row>, 'page' | 'skip' | 'skipUp'>,
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

  /** The hour with this offset; the whole list where that is not known. */
  async function partWith(offset: number, total: number): Promise<Part> {
    const found = await reaching?.(offset);
    if (!found || found.through > total) return { top: null, end: { row: null, behind: 0 }, isSure: true };
    const isSure = (await count()) === total;
    // Before everything of that hour, and after all that is newer; and before everything that is older.
    const top = { createdAt: (found.hour + 1) * HOUR_MS, id: '' };
    const end = { createdAt: found.hour * HOUR_MS, id: '' };
    return {
      top: found.before === 0 ? null : { row: top, behind: total - found.before, isSure },
      end: { row: end, behind: total - found.through },
      isSure,
    };
  }

  /** The place with so many rows behind it, from an end upwards; null where rows have gone meanwhile. */
  async function upwards(end: End, wanted: number, isSure: boolean): Promise<Place | null> {
    // A page begins after the row before it, which is one further up.
    let place: Place = { ...end, behind: end.behind - 1, isSure };
    while (place.behind < wanted) {
      await turns.next();
      const rows = Math.min(step, wanted - place.behind);
      const row = await list.skipUp(place.row, rows);
      if (!row) return null;
      place = { row, behind: place.behind + rows, isSure };
      remember(place);
    }
    return place;
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
    if (place.behind - wanted > step) {
      const { top, end, isSure } = await partWith(offset, total);
      if (top && top.behind < place.behind) place = top;
      const up = wanted - end.behind < place.behind - wanted ? await upwards(end, wanted, isSure) : null;
      place = up ?? place;
    }
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
