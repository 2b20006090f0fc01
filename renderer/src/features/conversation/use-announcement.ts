/** Announces the newest message of others to screen readers: once, and never messages that were there before. */
import { shallowRef, watch, type Ref, type ShallowRef } from 'vue';
import type { MessageView } from '#contract/ipc/views.ts';
import { comparePositions } from '#contract/model/message-order.ts';
import type { MessageWindow } from '../../stores/account/messages/window.ts';

/** The message to announce; null until one has arrived. */
export function useAnnouncement(window: Ref<MessageWindow | null>): ShallowRef<MessageView | null> {
  const announced = shallowRef<MessageView | null>(null);
  watch(window, (now, before) => {
    if (!now || !before || now.newer !== 'end' || before.newer !== 'end') return;
    const last = now.items.findLast((item) => !item.mine);
    const known = before.items.findLast((item) => !item.mine);
    if (!last || last.key === known?.key) return;
    if (known && comparePositions(last.position, known.position) < 0) return;
    announced.value = last;
  });
  return announced;
}
