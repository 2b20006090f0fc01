/** The menu of the message that was aimed at: what stood under the pointer there, and was selected in it, is part of it. */
import { computed, shallowRef } from 'vue';
import type { MessageView } from '#contract/ipc/views.ts';
import { messageMenu, type MenuAim } from './menu-entries.ts';
import type { MessageActionState } from './use-message-actions.ts';

const NOWHERE: MenuAim = { selected: '', link: null };

/** What is selected inside of one message; empty when it reaches beyond it. */
function selectedIn(article: Element | null): string {
  const selection = getSelection();
  if (!article || !selection || selection.isCollapsed) return '';
  const inside = (node: Node | null): boolean => node !== null && article.contains(node);
  return inside(selection.anchorNode) && inside(selection.focusNode) ? selection.toString() : '';
}

/** `find` answers the message of a row by its key. */
export function useMessageMenu(
  acts: MessageActionState,
  find: (key: string) => MessageView | null,
  t: (key: string) => string,
) {
  const aimed = shallowRef<{ message: MessageView; aim: MenuAim } | null>(null);
  const entries = computed(() =>
    aimed.value && !acts.selection.value ? messageMenu(aimed.value.message, t, aimed.value.aim) : [],
  );

  /** Hears where a menu was asked for. Taken down then: the menu takes the focus, and may take the selection with it. */
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
