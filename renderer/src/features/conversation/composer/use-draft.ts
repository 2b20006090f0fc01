/** Keeps what is being written: within half a second of a key press, and at once when the composer is left. */
import { onBeforeUnmount, onMounted, watch, type Ref } from 'vue';
import { saveDraft } from '../../../stores/messages/commands.ts';

/** Milliseconds after a change until it is saved. */
const DELAY_MS = 400;

export interface Draft {
  /** Saves what is there now, if it is not saved. */
  flush(): void;
}

/** Saves `text` and `replyTo` of a chat whenever they change. `saved` is what main holds at the beginning. */
export function useDraft(
  chatId: string,
  text: Ref<string>,
  replyTo: Ref<string | null>,
  saved: { text: string; replyTo: string | null },
): Draft {
  let timer: ReturnType<typeof setTimeout> | null = null;
  let kept = { ...saved };

  function flush(): void {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    const now = { text: text.value, replyTo: replyTo.value };
    if (now.text === kept.text && now.replyTo === kept.replyTo) return;
    kept = now;
    void saveDraft({ chatId, ...now }).then((result) => {
      // Not kept: the next change, or leaving, tries again.
      if (!result.ok && kept === now) kept = { text: '\0', replyTo: null };
    });
  }

  const stop = watch([text, replyTo], () => {
    timer ??= setTimeout(flush, DELAY_MS);
  });
  onMounted(() => window.addEventListener('pagehide', flush));
  onBeforeUnmount(() => {
    stop();
    window.removeEventListener('pagehide', flush);
    flush();
  });
  return { flush };
}
