/**
 * Reports what was read: the newest message that was actually in view while the window had the focus. A message in a
 * covered window, or below the fold, stays unread.
 */
import { onBeforeUnmount, onMounted, ref, watch, type Ref } from 'vue';
import type { MessageView } from '#contract/ipc/views.ts';
import { comparePositions } from '#contract/model/message-order.ts';
import { useMessageCommands } from '../../stores/account/messages/commands.ts';

/** Milliseconds a message must be in view. */
const SETTLE_MS = 250;

/** True while the window has the focus and is not hidden. */
export function useAttention(): Ref<boolean> {
  const look = (): boolean => document.hasFocus() && document.visibilityState === 'visible';
  const attention = ref(look());
  const update = (): void => {
    attention.value = look();
  };
  onMounted(() => {
    window.addEventListener('focus', update);
    window.addEventListener('blur', update);
    document.addEventListener('visibilitychange', update);
  });
  onBeforeUnmount(() => {
    window.removeEventListener('focus', update);
    window.removeEventListener('blur', update);
    document.removeEventListener('visibilitychange', update);
  });
  return attention;
}

/** Marks messages as read. `seen`: the newest stored message in view; `due`: whether anything is unread. */
export function useReadMarks(
  chatId: string,
  seen: Ref<MessageView | null>,
  due: Ref<boolean>,
  attention: Ref<boolean>,
): void {
  const { markRead } = useMessageCommands();
  let reported: MessageView | null = null;
  let timer: ReturnType<typeof setTimeout> | null = null;

  function report(): void {
    timer = null;
    const message = seen.value;
    if (!message || message.id === null || !due.value || !attention.value) return;
    if (reported && comparePositions(message.position, reported.position) <= 0) return;
    reported = message;
    void markRead(chatId, message.id).then((result) => {
      if (!result.ok && reported === message) reported = null;
    });
  }

  const stop = watch(
    [seen, due, attention],
    () => {
      timer ??= setTimeout(report, SETTLE_MS);
    },
    { immediate: true },
  );
  onBeforeUnmount(() => {
    stop();
    if (timer !== null) clearTimeout(timer);
    // What was in view when the chat was left counts as read.
    report();
  });
}
