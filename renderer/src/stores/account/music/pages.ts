/**
 * A long list that is fetched page by page, as far as it is looked at. Rows that were fetched stay until newer ones are
 * here, so that a refresh never empties the screen. Only the latest wish counts: a fast scroll skips what it passes.
 */
import { ref, shallowReactive, type Ref } from 'vue';
import type { ErrorCode, Result } from '#contract/model/errors.ts';

/** Rows of one page. */
export const PAGE_ROWS = 200;
/** Pages kept in memory: the farthest from the screen are forgotten first. */
const KEPT = 30;
/** Requests at the same time. */
const AT_ONCE = 2;

export interface PageOf<T> {
  rows: readonly T[];
  /** Of the whole list. */
  total: number;
}

export interface Pages<T> {
  /** The length of the list; null until the first page has come. */
  readonly total: Readonly<Ref<number | null>>;
  /** Why the latest request failed; null when it did not. */
  readonly problem: Readonly<Ref<ErrorCode | null>>;
  /** The row at a place, if it is here. */
  at: (index: number) => T | undefined;
  /** These rows are on the screen: from the first to before `end`. */
  want: (start: number, end: number) => void;
  /** The list changed: what is on the screen is fetched again, the rest when it is wanted. */
  refresh: () => void;
  /** Replaces rows that are here by newer ones. */
  patch: (rows: readonly T[]) => void;
}

/** `load` fetches `limit` rows from `offset`; `idOf` names a row. */
export function createPages<T>(
  load: (offset: number, limit: number) => Promise<Result<PageOf<T>>>,
  idOf: (row: T) => string,
): Pages<T> {
  const total = ref<number | null>(null);
  const problem = ref<ErrorCode | null>(null);
  const pages = shallowReactive(new Map<number, readonly T[]>());
  /** The generation in which a page was asked for last, and that of the rows that are here. */
  const asked = new Map<number, number>();
  const shown = new Map<number, number>();
  let generation = 0;
  let running = 0;
  let wanted = { start: 0, end: 1 };

  function next(): number | null {
    const last = Math.max(wanted.start, wanted.end - 1);
    const limit = total.value === null ? 0 : Math.max(0, total.value - 1);
    const to = Math.floor(Math.min(last, limit) / PAGE_ROWS);
    const from = Math.min(to, Math.floor(wanted.start / PAGE_ROWS));
    for (let page = from; page <= to; page += 1) if (asked.get(page) !== generation) return page;
    return null;
  }

  function forgetFar(): void {
    const middle = Math.floor((wanted.start + wanted.end) / 2 / PAGE_ROWS);
    const distance = (page: number): number => Math.abs(page - middle);
    const far = [...pages.keys()].sort((a, b) => distance(b) - distance(a)).slice(0, Math.max(0, pages.size - KEPT));
    for (const page of far) {
      pages.delete(page);
      asked.delete(page);
      shown.delete(page);
    }
  }

  async function fetchPage(page: number): Promise<void> {
    const mine = generation;
    asked.set(page, mine);
    running += 1;
    const answer = await load(page * PAGE_ROWS, PAGE_ROWS);
    running -= 1;
    // An answer that was overtaken by a refresh is still newer than what is shown: a list that changes all the time moves.
    if (answer.ok && mine >= (shown.get(page) ?? 0)) {
      problem.value = null;
      total.value = answer.value.total;
      shown.set(page, mine);
      pages.set(page, answer.value.rows);
      forgetFar();
    } else if (!answer.ok && mine === generation) problem.value = answer.error.code;
    pump();
  }

  function pump(): void {
    for (let page = next(); page !== null && running < AT_ONCE; page = next()) void fetchPage(page);
  }

  return {
    total,
    problem,
    at: (index) => pages.get(Math.floor(index / PAGE_ROWS))?.[index % PAGE_ROWS],
    want(start, end) {
      wanted = { start: Math.max(0, start), end: Math.max(start + 1, end) };
      pump();
    },
    refresh() {
      generation += 1;
      problem.value = null;
      pump();
    },
    patch(rows) {
      const newer = new Map(rows.map((row) => [idOf(row), row]));
      for (const [page, old] of pages) {
        if (old.some((row) => newer.has(idOf(row))))
          pages.set(
            page,
            old.map((row) => newer.get(idOf(row)) ?? row),
          );
      }
    },
  };
}
