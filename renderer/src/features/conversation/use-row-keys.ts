/** Moves up and down through the messages by keyboard; below the newest one is the composer. */
import { nextTick, type Ref } from 'vue';
import type { TimelineHandle } from '../../ui/timeline/timeline-view.ts';
import type { ConversationRow } from './rows.ts';

export interface RowKeys {
  onKey(event: KeyboardEvent): void;
  /** Focuses the newest message. */
  focusLast(): void;
  /** Focuses a message by its key or id, or the first message below a row with that key; false when there is none. */
  focusKey(key: string): Promise<boolean>;
}

export interface RowKeyActions {
  /** Called below the newest message. */
  leave: () => void;
  /** Adds or removes the message from the selection. False when no selection is active. */
  toggle: (key: string, upTo: boolean) => boolean;
  /** Opens the reactions for this message, or for the selection. */
  react: (key: string) => void;
}

/** `timeline` renders the rows. */
export function useRowKeys(
  rows: Ref<ConversationRow[]>,
  timeline: Readonly<Ref<TimelineHandle | null>>,
  { leave, toggle, react }: RowKeyActions,
): RowKeys {
  async function focusRow(index: number, step: 1 | -1): Promise<void> {
    let at = index;
    while (rows.value[at] && rows.value[at]?.kind !== 'message') at += step;
    const row = rows.value[at];
    if (!row) {
      if (step > 0) leave();
      return;
    }
    let element = timeline.value?.rowElement(row.key) ?? null;
    if (!element) {
      timeline.value?.goTo({ at: 'center', key: row.key });
      await nextTick();
      element = timeline.value?.rowElement(row.key) ?? null;
    }
    const article = element?.querySelector<HTMLElement>('[data-message-key]');
    article?.focus({ preventScroll: true });
    article?.scrollIntoView({ block: 'nearest' });
  }

  function onKey(event: KeyboardEvent): void {
    if (!(event.target instanceof HTMLElement) || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.shiftKey && event.key !== ' ') return;
    if (event.target.classList.contains('timeline')) {
      // From the list itself the arrow keys move to the newest message; page keys scroll as usual.
      if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return;
      event.preventDefault();
      focusLast();
      return;
    }
    const key = event.target.getAttribute('data-message-key');
    if (key === null) return;
    const at = rows.value.findIndex((row) => row.key === key);
    if (event.key === 'ArrowUp') void focusRow(at - 1, -1);
    else if (event.key === 'ArrowDown') void focusRow(at + 1, 1);
    else if (event.key === 'Home') void focusRow(0, 1);
    else if (event.key === 'End') focusLast();
    else if (event.key === 'Enter' && !toggle(key, false)) openMenu(event.target);
    else if (event.key === 'Escape') leave();
    else if (event.key === ' ' && !toggle(key, event.shiftKey)) return;
    // By its position: other layouts have other letters there.
    else if (event.code === 'KeyR') react(key);
    else if (event.key !== 'Enter' && event.key !== ' ') return;
    event.preventDefault();
  }

  function openMenu(article: HTMLElement): void {
    const box = (article.querySelector('.bubble') ?? article).getBoundingClientRect();
    article.dispatchEvent(
      new MouseEvent('contextmenu', { bubbles: true, cancelable: true, clientX: box.left + 24, clientY: box.top + 24 }),
    );
  }

  function focusLast(): void {
    void focusRow(rows.value.length - 1, -1);
  }

  async function focusKey(key: string): Promise<boolean> {
    // The target of a jump is rendered in the next tick.
    await nextTick();
    const index = rows.value.findIndex((row) => row.key === key || (row.kind === 'message' && row.message.id === key));
    if (index < 0 || !rows.value.slice(index).some((row) => row.kind === 'message')) return false;
    await focusRow(index, 1);
    return true;
  }

  return { onKey, focusLast, focusKey };
}
