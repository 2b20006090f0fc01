/**
 * Keeps what is being written: in the account's store with each change, in main within half a second of a key press, and
 * at once when the composer is left.
 */
import { computed, onBeforeUnmount, onMounted, ref, watch, type Ref } from 'vue';
import type { ErrorCode } from '#contract/model/errors.ts';
import { LIMITS } from '#contract/model/limits.ts';
import { firstCharacters } from '#contract/model/text.ts';
import { useConversationsStore } from '../../../stores/account/conversations.ts';
import { useMessageCommands } from '../../../stores/account/messages/commands.ts';

/** Milliseconds after a change until it is saved. */
const DELAY_MS = 400;

export interface Draft {
  /** Saves what is there now, if it is not saved. */
  flush(): void;
  /** Why what is written would not survive the end of the program as it is; null when it would. */
  readonly danger: Readonly<Ref<'too_long' | ErrorCode | null>>;
}

/**
 * Saves `text` and `replyTo` of a chat whenever they change. `saved` is what main holds at the beginning. Of a text that
 * is longer than main keeps, main gets the beginning, and the store holds the whole of it as long as the page lives.
 */
export function useDraft(
  chatId: string,
  text: Ref<string>,
  replyTo: Ref<string | null>,
  saved: { text: string; replyTo: string | null },
): Draft {
  const { drafts } = useConversationsStore();
  const commands = useMessageCommands();
  let timer: ReturnType<typeof setTimeout> | null = null;
  let kept = { ...saved };
  const problem = ref<ErrorCode | null>(null);
  const beginning = computed(() => firstCharacters(text.value, LIMITS.draft.max));
  const danger = computed(() => (beginning.value === text.value ? problem.value : 'too_long'));

  function remember(): void {
    const before = drafts.get(chatId) ?? saved;
    if (before.text !== text.value || before.replyTo !== replyTo.value)
      drafts.set(chatId, { text: text.value, replyTo: replyTo.value });
  }

  function flush(): void {
    remember();
    if (timer !== null) clearTimeout(timer);
    timer = null;
    const now = { text: beginning.value, replyTo: replyTo.value };
    if (now.text === kept.text && now.replyTo === kept.replyTo) return;
    kept = now;
    void commands.saveDraft({ chatId, ...now }).then((result) => {
      if (kept !== now) return;
      problem.value = result.ok ? null : result.error.code;
      // Not kept: the next change, or leaving, tries again.
      if (!result.ok) kept = { text: '\0', replyTo: null };
    });
  }

  const stop = watch([text, replyTo], () => {
    remember();
    timer ??= setTimeout(flush, DELAY_MS);
  });
  onMounted(() => window.addEventListener('pagehide', flush));
  onBeforeUnmount(() => {
    stop();
    window.removeEventListener('pagehide', flush);
    flush();
  });
  return { flush, danger };
}
