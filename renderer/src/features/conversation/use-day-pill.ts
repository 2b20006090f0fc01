/** The day of the topmost visible message, while the list is scrolled. */
import { onBeforeUnmount, ref, watch, type Ref } from 'vue';
import type { TimelineView } from '../../ui/timeline/timeline-view.ts';
import { dayOf, type ConversationRow } from './rows.ts';

/** Milliseconds the day stays visible after the last scroll. */
const STAY_MS = 1500;

/** The day to show, in milliseconds; null to hide it. */
export function useDayPill(view: Ref<TimelineView | null>, rows: Ref<ConversationRow[]>): Ref<number | null> {
  const day = ref<number | null>(null);
  let timer: ReturnType<typeof setTimeout> | null = null;

  watch(view, (now, before) => {
    // Not needed at the end, nor while the day's own row is there.
    if (!now || !before || now.atEnd || now.below === before.below) return;
    const row = rows.value[now.first];
    if (row?.kind !== 'message') {
      day.value = null;
      return;
    }
    day.value = dayOf(row.message.createdAt);
    if (timer !== null) clearTimeout(timer);
    timer = setTimeout(() => (day.value = null), STAY_MS);
  });
  onBeforeUnmount(() => {
    if (timer !== null) clearTimeout(timer);
  });
  return day;
}
