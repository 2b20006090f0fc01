/** The context menu of a message, including what was under the pointer and selected in it when the menu was opened. */
import { computed, shallowRef } from 'vue';
import type { MessageView } from '#contract/ipc/views.ts';
import { messageMenu, type MenuAim } from './menu-entries.ts';
import type { MessageActionState } from './use-message-actions.ts';

const NOWHERE: MenuAim = { selected: '', link: null };

/** The text selected within a single message; empty when the selection extends beyond it. */
function selectedIn(article: Element | null): string {
  const selection = getSelection();
  if (!article || !selection || selection.isCollapsed) return '';
  const inside = (node: Node | null): boolean => node !== null && article.contains(node);
  return inside(selection.anchorNode) && inside(selection.focusNode) ? selection.toString() : '';
}

/** `find` returns the message of a row by its key. */
export function useMessageMenu(
  acts: MessageActionState,
  find: (key: string) => MessageView | null,
  t: (key: string) => string,
) {
  const aimed = shallowRef<{ message: MessageView; aim: MenuAim } | null>(null);
  const entries = computed(() =>
    aimed.value && !acts.selection.value
      ? messageMenu(aimed.value.message, t, aimed.value.aim, acts.actions.isListed)
      : [],
  );

  /** Records where a menu was opened. Must happen right then: the menu takes the focus, and may clear the selection. */
  function aim(element: Element): void {
    const article = element.closest('[data-message-key]');
    const message = find(article?.getAttribute('data-message-key') ?? '');
    const link = element.closest('a[href]')?.getAttribute('href') ?? null;
    aimed.value = message ? { message, aim: { ...NOWHERE, selected: selectedIn(article), link } } : null;
  }

  function choose(id: string): void {
    if (!aimed.value) return;
    const { message, aim: at } = aimed.value;
    if (id === 'copyLink' && at.link !== null) acts.copyWords(at.link);
    else if (id === 'copySelection') acts.copyWords(at.selected);
    else acts.actions.menu(id, message);
  }

  return { entries, aim, choose };
}
