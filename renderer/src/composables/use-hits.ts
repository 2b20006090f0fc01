/**
 * The hits of one query over the stored messages: page by page, read again from the start when more could be there, and
 * read further into the past on request. An answer to an earlier question is dropped; what it replaces stays until then.
 */
import { LIMITS } from '#contract/model/limits.ts';
import { firstCharacters } from '#contract/model/text.ts';
import { computed, onScopeDispose, ref, shallowRef, watch, type Ref } from 'vue';
import type { SearchHit, SearchReach } from '#contract/ipc/views.ts';
import type { ErrorCode } from '#contract/model/errors.ts';
import type { Needles } from '#contract/model/found.ts';
import { useConnectionStore } from '../stores/account/connection.ts';
import { useSearchStore } from '../stores/account/search.ts';

/** Milliseconds after the last key until it is searched. */
const PAUSE_MS = 200;
const MOST_OF_A_PAGE = 100;
/** Pieces that one press reads while nothing new is found. */
const STEPS_OF_A_PRESS = 4;

export interface FoundHits {
  items: SearchHit[];
  more: boolean;
  problems: string[];
  needles: Needles | null;
  reach: SearchReach | null;
}

const NOTHING: FoundHits = { items: [], more: false, problems: [], needles: null, reach: null };

/** Searches as `query` changes. `chatId`: only in that chat. `page`: hits that are asked for at once. */
export function useHits(query: Ref<string>, chatId: string | null, page: number) {
  const connection = useConnectionStore();
  const search = useSearchStore();
  const found = shallowRef<FoundHits>(NOTHING);
  const busy = ref(false);
  const code = ref<ErrorCode | null>(null);
  /** Being read further, and why that ended early. */
  const reading = ref(false);
  const readCode = ref<ErrorCode | null>(null);
  /** The query that `found` answers. */
  const answered = ref('');
  let turn = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const wanted = (): string => firstCharacters(query.value.trim(), LIMITS.messageQuery.max);

  /** Reads hits from `offset` on, up to `count`; null when another question came, or it failed. */
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

  /** Reads further into the past, a piece after the other, until something new is found or the press has read enough. */
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
      // So many that none which is on the screen falls behind the new ones: the list would become shorter below the eye.
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
  // With the connection comes what could be read further.
  watch(isLive, (live) => {
    if (live && answered.value !== '' && !busy.value && !reading.value) void ask(true);
  });
  onScopeDispose(() => {
    turn += 1;
    clearTimeout(timer);
  });

  return { found, busy, code, reading, readCode, answered, loadMore, further, ask: () => ask(false) };
}
