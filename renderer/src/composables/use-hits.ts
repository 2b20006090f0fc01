/**
 * The hits of a query over the stored messages: paged, reloaded from the start when there may be more, and extended
 * into the past on request. Results of an outdated query are dropped; the previous ones stay until the new ones arrive.
 */
import { LIMITS } from '#contract/model/limits.ts';
import { firstCharacters } from '#contract/model/text.ts';
import { computed, onScopeDispose, ref, shallowRef, watch, type Ref } from 'vue';
import type { SearchUnderstood } from '#contract/ipc/found-views.ts';
import type { SearchHit, SearchReach } from '#contract/ipc/views.ts';
import type { ErrorCode } from '#contract/model/errors.ts';
import type { Needles } from '#contract/model/found.ts';
import { useConnectionStore } from '../stores/account/connection.ts';
import { useSearchStore } from '../stores/account/search.ts';

/** Debounce in milliseconds after the last key. */
const PAUSE_MS = 200;
const MOST_OF_A_PAGE = 100;
/** Steps per press while nothing new is found. */
const STEPS_OF_A_PRESS = 4;

export interface FoundHits {
  items: SearchHit[];
  more: boolean;
  problems: string[];
  needles: Needles | null;
  reach: SearchReach | null;
  /** What the query means, where no message has its words. */
  understood: SearchUnderstood | null;
}

const NOTHING: FoundHits = { items: [], more: false, problems: [], needles: null, reach: null, understood: null };

/** Searches as `query` changes. `chatId`: only in that chat. `page`: hits per page. */
export function useHits(query: Ref<string>, chatId: string | null, page: number) {
  const connection = useConnectionStore();
  const search = useSearchStore();
  const found = shallowRef<FoundHits>(NOTHING);
  const busy = ref(false);
  const code = ref<ErrorCode | null>(null);
  /** Whether older messages are being searched, and the error that ended it early. */
  const reading = ref(false);
  const readCode = ref<ErrorCode | null>(null);
  /** The query that `found` belongs to. */
  const answered = ref('');
  let turn = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const wanted = (): string => firstCharacters(query.value.trim(), LIMITS.messageQuery.max);

  /** Loads up to `count` hits starting at `offset`; null when the query was superseded or failed. */
  async function read(mine: number, text: string, offset: number, count: number): Promise<FoundHits | null> {
    let all = { ...NOTHING, more: true };
    while (all.more && all.items.length < count) {
      const result = await search.messages({
        query: text,
        chatId,
        limit: Math.min(MOST_OF_A_PAGE, count - all.items.length),
        offset: offset + all.items.length,
      });
      if (mine !== turn) return null;
      code.value = result.ok ? null : result.error.code;
      if (!result.ok) return null;
      const { hits, ...rest } = result.value;
      all = { ...rest, items: [...all.items, ...hits] };
      if (hits.length === 0) break;
    }
    return all;
  }

  async function ask(keep: boolean): Promise<void> {
    clearTimeout(timer);
    const mine = (turn += 1);
    const text = wanted();
    reading.value = false;
    if (text === '') {
      stop();
      return;
    }
    busy.value = true;
    const next = await read(mine, text, 0, keep ? Math.max(page, found.value.items.length) : page);
    if (mine !== turn) return;
    busy.value = false;
    if (!next) return;
    answered.value = text;
    found.value = next;
  }

  function stop(): void {
    found.value = NOTHING;
    busy.value = false;
    code.value = null;
    answered.value = '';
  }

  async function loadMore(): Promise<void> {
    if (busy.value || reading.value || !found.value.more) return;
    const mine = (turn += 1);
    busy.value = true;
    const next = await read(mine, answered.value, found.value.items.length, page);
    if (mine !== turn) return;
    busy.value = false;
    if (!next) return;
    const known = new Set(found.value.items.map(({ messageId }) => messageId));
    found.value = { ...next, items: [...found.value.items, ...next.items.filter((hit) => !known.has(hit.messageId))] };
  }

  /** Searches further into the past step by step, until something new is found or the limit per press is reached. */
  async function further(): Promise<void> {
    if (busy.value || reading.value || answered.value === '') return;
    const mine = (turn += 1);
    const text = answered.value;
    reading.value = true;
    readCode.value = null;
    for (let step = 0; step < STEPS_OF_A_PRESS; step += 1) {
      const result = await search.further({ query: text, chatId });
      if (mine !== turn) return;
      if (!result.ok) {
        readCode.value = result.error.code;
        break;
      }
      const { added, reach } = result.value;
      found.value = { ...found.value, reach };
      const before = found.value.items.length;
      // Load enough that no visible hit falls off the end: the list must not shrink while the user is reading it.
      const next = added > 0 ? await read(mine, text, 0, before + Math.max(page, added)) : null;
      if (mine !== turn) return;
      if (next) found.value = next;
      if (found.value.items.length > before || !reach.further) break;
    }
    reading.value = false;
  }

  watch(
    query,
    () => {
      turn += 1;
      clearTimeout(timer);
      reading.value = false;
      readCode.value = null;
      if (wanted() === '') {
        stop();
        return;
      }
      busy.value = true;
      timer = setTimeout(() => void ask(false), PAUSE_MS);
    },
    { immediate: true },
  );
  const isLive = computed(() => connection.connection.phase === 'live');
  // Once connected, there may be more to search.
  watch(isLive, (live) => {
    if (live && answered.value !== '' && !busy.value && !reading.value) void ask(true);
  });
  onScopeDispose(() => {
    turn += 1;
    clearTimeout(timer);
  });

  return { found, busy, code, reading, readCode, answered, loadMore, further, ask: () => ask(false) };
}
