/**
 * The calls of an account as lines of its chats: those of the server's history, read when a chat is first looked at, and
 * those that have ended since, at once.
 */
import { computed, shallowRef, watch } from 'vue';
import type { CallRecordView, CallView } from '#contract/ipc/call-views.ts';
import { useCallsStore } from '../calls.ts';
import { defineAccountStore } from './account-store.ts';
import { useConnectionStore } from './connection.ts';

/** Calls of one request, and how many requests one look back may take. */
const PAGE = 100;
const MOST_PAGES = 5;

/** A call that is over as the history will have it; null for one that the server never had, or that is not ours. */
function lineOf({ id, chatId, peer, type, incoming, end, ringingSince, duration }: CallView): CallRecordView | null {
  if (id === null || end === null || ringingSince === null || end === 'elsewhere' || end === 'unreachable') return null;
  return { id, chatId, peer, type, incoming, end, at: ringingSince, duration };
}

export const useCallLinesStore = defineAccountStore('call-lines', (accountId) => {
  const calls = useCallsStore();
  const connection = useConnectionStore(accountId);
  const known = shallowRef<ReadonlyMap<string, CallRecordView>>(new Map());
  const byChat = computed(() => Map.groupBy(known.value.values(), ({ chatId }) => chatId));
  /** The oldest call that is known of the history; infinite before the first page, and none when that was all. */
  let oldest = Number.POSITIVE_INFINITY;
  /** The earliest time that was asked for; none while no chat was looked at. */
  let wanted: number | null = null;
  let busy = false;

  function note(records: readonly CallRecordView[]): void {
    if (records.length === 0) return;
    known.value = new Map([...known.value, ...records.map((record) => [record.id, record] as const)]);
  }

  async function page(before: number | null): Promise<boolean> {
    const answer = await calls.history(accountId, before, PAGE);
    // Nothing is lost: they are asked for again with the next look, or when the connection is back.
    if (!answer.ok) return false;
    note(answer.value.calls);
    const last = answer.value.calls.at(-1);
    oldest = Math.min(oldest, answer.value.more && last ? last.at : Number.NEGATIVE_INFINITY);
    return true;
  }

  async function fill(): Promise<void> {
    if (busy || wanted === null || !connection.online) return;
    busy = true;
    for (let pages = 0; pages < MOST_PAGES && oldest > wanted; pages += 1)
      if (!(await page(Number.isFinite(oldest) ? oldest : null))) break;
    busy = false;
  }

  watch(
    () => connection.online,
    async (online) => {
      if (!online || wanted === null || busy) return;
      // What ended meanwhile is on the newest page.
      if (oldest < Number.POSITIVE_INFINITY) await page(null);
      await fill();
    },
  );
  watch(
    () => calls.ended,
    (ended) => {
      const line = ended?.accountId === accountId ? lineOf(ended.call) : null;
      if (line) note([line]);
      // The server has noted it by a name that was not told.
      else if (ended?.accountId === accountId && ended.call.end === 'busy' && wanted !== null) void page(null);
    },
    { flush: 'sync' },
  );

  return {
    /** The calls of a chat that are known so far, in no order. */
    of: (chatId: string): readonly CallRecordView[] => byChat.value.get(chatId) ?? [],
    /** Calls from this time on are to be shown, in milliseconds since the epoch. */
    want(from: number): void {
      if (wanted !== null && from >= wanted) return;
      wanted = from;
      void fill();
    },
  };
});
