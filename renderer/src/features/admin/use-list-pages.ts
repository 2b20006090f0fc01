/** The pages of one of the console's lists: where each begins is remembered, so that one can go back as well. */
import { computed, ref, shallowRef } from 'vue';
import type { UserSortName } from '#contract/api/admin.ts';
import type { ErrorCode, Result } from '#contract/model/errors.ts';
import { useAdminStore } from '../../stores/account/admin.ts';
import type { ListName, ListRow } from './list-columns.ts';

export const PAGE = 50;
/** Answers of a search that goes on by itself until a page is full. */
const MOST_ROUNDS = 20;

interface Answer {
  rows: ListRow[];
  next: string | null;
  total: number | null;
}

/** The rows of an answer with the name of their list. */
function wrapped<Row>(
  answer: Result<{ rows: Row[]; next: string | null; total: number | null }>,
  wrap: (row: Row) => ListRow,
): Result<Answer> {
  return answer.ok ? { ok: true, value: { ...answer.value, rows: answer.value.rows.map(wrap) } } : answer;
}

export function useListPages(list: ListName) {
  const admin = useAdminStore();
  const q = ref('');
  const sort = ref<UserSortName>('newest');
  /** Where this page and those before it begin; null at the top. */
  const places = shallowRef<(string | null)[]>([null]);
  const rows = shallowRef<ListRow[]>([]);
  const next = ref<string | null>(null);
  const total = ref<number | null>(null);
  const busy = ref(false);
  const loaded = ref(false);
  const problem = ref<ErrorCode | null>(null);
  /** Counts requests: only the answer to the latest one is shown. */
  let latest = 0;

  async function ask(cursor: string | null, limit: number): Promise<Result<Answer>> {
    const words = q.value.trim();
    const common = { limit, ...(cursor === null ? {} : { cursor }), ...(words === '' ? {} : { q: words }) };
    const byTime = sort.value === 'oldest' ? 'oldest' : 'newest';
    switch (list) {
      case 'users':
        return wrapped(await admin.users({ ...common, sort: sort.value }), (row) => ({ list, row }));
      case 'messages':
        return wrapped(await admin.messages({ ...common, sort: byTime }), (row) => ({ list, row }));
      case 'reactions':
        return wrapped(await admin.reactions({ ...common, sort: byTime }), (row) => ({ list, row }));
      case 'looks':
        return wrapped(await admin.looks({ limit, ...(cursor === null ? {} : { cursor }) }), (row) => ({ list, row }));
    }
  }

  /** A page from a place on. A search that has looked through enough goes on where it stopped. */
  async function load(from: (string | null)[]): Promise<void> {
    const turn = (latest += 1);
    busy.value = true;
    const found: ListRow[] = [];
    let cursor = from.at(-1) ?? null;
    for (let round = 0; round < MOST_ROUNDS; round += 1) {
      const answer = await ask(cursor, PAGE - found.length);
      if (turn !== latest) return;
      problem.value = answer.ok ? null : answer.error.code;
      if (!answer.ok) break;
      found.push(...answer.value.rows);
      cursor = answer.value.next;
      total.value = answer.value.total;
      // What is known so far is shown while the search goes on.
      rows.value = [...found];
      next.value = cursor;
      places.value = from;
      loaded.value = true;
      if (cursor === null || found.length >= PAGE) break;
    }
    busy.value = false;
  }

  return {
    q,
    sort,
    rows,
    total,
    busy,
    loaded,
    problem,
    /** The page's number, from 1. */
    page: computed(() => places.value.length),
    hasNext: computed(() => next.value !== null),
    /** Starts over at the top. */
    reload: () => load([null]),
    async forward(): Promise<void> {
      if (next.value !== null && !busy.value) await load([...places.value, next.value]);
    },
    async back(): Promise<void> {
      if (places.value.length > 1 && !busy.value) await load(places.value.slice(0, -1));
    },
  };
}
