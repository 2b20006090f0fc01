/**
 * Saves the draft: to the account's store on every change, to main within half a second of a key press, and immediately
 * when the composer is left.
 */
import { computed, onBeforeUnmount, onMounted, ref, watch, type Ref } from 'vue';
import type { ErrorCode } from '#contract/model/errors.ts';
import { LIMITS } from '#contract/model/limits.ts';
import { firstCharacters } from '#contract/model/text.ts';
import { useConversationsStore } from '../../../stores/account/conversations.ts';
import { useMessageCommands } from '../../../stores/account/messages/commands.ts';

/** Milliseconds between a change and saving it. */
const DELAY_MS = 400;

export interface Draft {
  /** Saves the current state, unless it is saved already. */
  flush(): void;
  /** Why the draft would not survive a restart; null when it would. */
  readonly danger: Readonly<Ref<'too_long' | ErrorCode | null>>;
}

/**
 * Saves `text` and `replyTo` of a chat whenever they change. `saved` is main's initial state. If the text exceeds
 * main's limit, main gets its beginning, and the store has all of it for the lifetime of the page.
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
      // Not saved: the next change, or leaving, tries again.
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
