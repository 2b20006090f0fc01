/** What happens when something is done with a message: the commands, and the words when they fail. */
import { ref, shallowRef, type Ref, type ShallowRef } from 'vue';
import type { MessageView } from '#contract/ipc/views.ts';
import type { ErrorCode, Result } from '#contract/model/errors.ts';
import { useWords } from '../../i18n/use-words.ts';
import { cancelMessage, discardMessage, resendMessage, setReaction } from '../../stores/messages/commands.ts';
import { copyText, openExternal } from '../../stores/system.ts';
import { useUiStore } from '../../stores/ui.ts';
import type { ConversationActions } from './actions.ts';
import { never } from '#contract/model/errors.ts';
import type { MessageMenuId } from './menu-entries.ts';

export interface MessageActionState {
  actions: ConversationActions;
  reply: ShallowRef<MessageView | null>;
  editing: ShallowRef<MessageView | null>;
  /** The message whose life is shown. */
  detailed: ShallowRef<MessageView | null>;
  /** The messages that are being forwarded. */
  forwarded: ShallowRef<MessageView[]>;
  /** The message that gets an emoji. */
  reacting: ShallowRef<MessageView | null>;
  /** The chosen messages by key; null outside of a selection. */
  selection: ShallowRef<ReadonlyMap<string, MessageView> | null>;
  held: Ref<boolean>;
  failed(code: ErrorCode): void;
  copyAll(messages: readonly MessageView[]): void;
}

/** What is selected inside of the message, or its whole text. */
function textToCopy(message: MessageView): string {
  const selection = getSelection();
  const inside = selection?.anchorNode?.parentElement?.closest('[data-message-key]');
  const chosen = inside?.getAttribute('data-message-key') === message.key ? (selection?.toString() ?? '') : '';
  return chosen.trim() === '' ? message.text : chosen;
}

/** Builds the actions of one conversation. `goTo` leads to a message by its id. */
export function useMessageActions(goTo: (messageId: string) => Promise<void>): MessageActionState {
  const words = useWords();
  const ui = useUiStore();
  const reply = shallowRef<MessageView | null>(null);
  const editing = shallowRef<MessageView | null>(null);
  const detailed = shallowRef<MessageView | null>(null);
  const forwarded = shallowRef<MessageView[]>([]);
  const reacting = shallowRef<MessageView | null>(null);
  const selection = shallowRef<ReadonlyMap<string, MessageView> | null>(null);
  const held = ref(false);

  function failed(code: ErrorCode): void {
    ui.toast(words.error(code), { tone: 'error' });
  }

  async function run(command: Promise<Result<unknown>>, done?: string): Promise<void> {
    const result = await command;
    if (!result.ok) failed(result.error.code);
    else if (done !== undefined) ui.toast(done);
  }

  const withLocal = (message: MessageView, command: (localId: string) => Promise<Result<unknown>>): void => {
    if (message.localId !== null) void run(command(message.localId));
  };

  function copyAll(messages: readonly MessageView[]): void {
    void run(copyText(messages.map((message) => message.text).join('\n\n')), words.t('common.copied'));
  }

  const actions: ConversationActions = {
    reply(message) {
      editing.value = null;
      reply.value = message;
    },
    react(message, emoji) {
      if (message.id === null) return;
      const mine = message.reactions.some((reaction) => reaction.emoji === emoji && reaction.mine);
      void run(setReaction(message.id, emoji, !mine));
    },
    copy: (message) => void run(copyText(textToCopy(message)), words.t('common.copied')),
    forward: (messages) => (forwarded.value = messages),
    details: (message) => (detailed.value = message),
    toggleSelected(message) {
      if (message.id === null) return;
      const next = new Map(selection.value ?? []);
      if (!next.delete(message.key)) next.set(message.key, message);
      selection.value = next;
    },
    cancel: (message) => withLocal(message, cancelMessage),
    edit(message) {
      reply.value = null;
      editing.value = message;
    },
    resend: (message) => withLocal(message, resendMessage),
    discard: (message) => withLocal(message, discardMessage),
    goTo: (messageId) => void goTo(messageId),
    openLink: (href) => void run(openExternal(href)),
    hold: (open) => (held.value = open),
    menu: (id, message) => choose(id as MessageMenuId, message),
  };

  function choose(id: MessageMenuId, message: MessageView): void {
    switch (id) {
      case 'react':
        reacting.value = message;
        return;
      case 'forward':
        return actions.forward([message]);
      case 'select':
        return actions.toggleSelected(message);
      case 'other':
        if (message.doubleOf !== null) actions.goTo(message.doubleOf);
        return;
      case 'reply':
      case 'copy':
      case 'details':
      case 'cancel':
      case 'edit':
      case 'resend':
      case 'discard':
        return actions[id](message);
      default:
        return never(id);
    }
  }

  return { actions, reply, editing, detailed, forwarded, reacting, selection, held, failed, copyAll };
}
