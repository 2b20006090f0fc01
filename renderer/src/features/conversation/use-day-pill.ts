/** The day of what is at the top of the view, while the list is being scrolled. */
import { onBeforeUnmount, ref, watch, type Ref } from 'vue';
import type { TimelineView } from '../../ui/timeline/timeline-view.ts';
import { dayOf, type ConversationRow } from './rows.ts';

/** Milliseconds that the day stays after the last movement. */
const STAY_MS = 1500;

/** The day to show, in milliseconds; null when none is to be shown. */
export function useDayPill(view: Ref<TimelineView | null>, rows: Ref<ConversationRow[]>): Ref<number | null> {
  const day = ref<number | null>(null);
  let timer: ReturnType<typeof setTimeout> | null = null;

  watch(view, (now, before) => {
    // The end needs no telling, and the day's own row says it better.
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
