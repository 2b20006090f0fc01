/** Implements the actions on messages: runs the commands, and reports failures. */
import { onMounted, ref, shallowRef, type Ref, type ShallowRef } from 'vue';
import type { MessageView } from '#contract/ipc/views.ts';
import type { ErrorCode, Result } from '#contract/model/errors.ts';
import { useToast } from '../../composables/use-toast.ts';
import { useWords } from '../../i18n/use-words.ts';
import { useMessageCommands } from '../../stores/account/messages/commands.ts';
import { useNotesStore } from '../../stores/account/notes.ts';
import { useUiStore } from '../../stores/ui.ts';
import { copyText, openExternal } from '../../stores/system.ts';
import type { ConversationActions } from './actions.ts';
import { never } from '#contract/model/errors.ts';
import { musicOf, type MessageMenuId } from './menu-entries.ts';
import { useMessageMusic } from './use-message-music.ts';
import { extended, reactionChanges, toggled, type Selection } from './selection.ts';
import { PARTY_WORDS } from '#contract/model/party-queue.ts';
import { DEFAULT_REACTIONS } from '#contract/model/limits.ts';

/** Number of quick reactions next to a message. */
const QUICK = 2;

export interface MessageActionState {
  actions: ConversationActions;
  reply: ShallowRef<MessageView | null>;
  editing: ShallowRef<MessageView | null>;
  /** The message whose details are shown. */
  detailed: ShallowRef<MessageView | null>;
  /** The messages being forwarded. */
  forwarded: ShallowRef<MessageView[]>;
  /** The messages to react to; empty while no reaction is being chosen. The list is placed next to the first one. */
  reacting: ShallowRef<readonly MessageView[]>;
  /** The selected messages by key; null when no selection is active. */
  selection: ShallowRef<Selection | null>;
  /** The id of the picture in the viewer. */
  viewed: ShallowRef<string | null>;
  held: Ref<boolean>;
  failed(code: ErrorCode): void;
  copyAll(messages: readonly MessageView[]): void;
  copyWords(text: string): void;
  /** Adds an emoji to all of them, or removes it from all. */
  reactAll(messages: readonly MessageView[], emoji: string): void;
}

/**
 * Creates the actions of one conversation. `goTo` goes to a message by its id; `items` are the messages of the window.
 */
export function useMessageActions(
  goTo: (messageId: string) => Promise<void>,
  items: () => readonly MessageView[],
): MessageActionState {
  const words = useWords();
  const toast = useToast();
  const commands = useMessageCommands();
  const notes = useNotesStore();
  const ui = useUiStore();
  const music = useMessageMusic();
  const reply = shallowRef<MessageView | null>(null);
  const editing = shallowRef<MessageView | null>(null);
  const detailed = shallowRef<MessageView | null>(null);
  const forwarded = shallowRef<MessageView[]>([]);
  const reacting = shallowRef<readonly MessageView[]>([]);
  const selection = shallowRef<Selection | null>(null);
  const viewed = shallowRef<string | null>(null);
  /** The message last added to or removed from the selection: ranges start there. */
  let last: string | null = null;
  const quick = shallowRef<readonly string[]>(DEFAULT_REACTIONS.slice(0, QUICK));
  onMounted(async () => (quick.value = (await commands.reactionEmojis()).slice(0, QUICK)));
  const held = ref(false);

  function failed(code: ErrorCode): void {
    toast(words.error(code), { tone: 'error' });
  }

  async function run(command: Promise<Result<unknown>>, done?: string): Promise<void> {
    const result = await command;
    if (!result.ok) failed(result.error.code);
    else if (done !== undefined) toast(done);
  }

  const withLocal = (message: MessageView, command: (localId: string) => Promise<Result<unknown>>): void => {
    if (message.localId !== null) void run(command(message.localId));
  };

  const copyWords = (text: string): void => void run(copyText(text), words.t('common.copied'));
  const copyAll = (messages: readonly MessageView[]): void =>
    copyWords(messages.map((message) => message.text).join('\n\n'));

  function reactAll(messages: readonly MessageView[], emoji: string): void {
    for (const { id, on } of reactionChanges(messages, emoji)) void run(commands.react(id, emoji, on));
  }

  async function keepNote({ text, chatId, id: messageId }: MessageView): Promise<void> {
    if (messageId === null) return;
    const open = { label: words.t('notes.title'), run: () => void ui.open('notes') };
    const result = await notes.add({ text, source: { chatId, messageId } });
    if (result.ok) toast(words.t('notes.kept'), { action: open });
    else if (result.error.code === 'busy') toast(words.t('notes.full'), { tone: 'error', action: open });
    else failed(result.error.code);
  }

  const actions: ConversationActions = {
    reply(message) {
      editing.value = null;
      reply.value = message;
    },
    react: (message, emoji) => reactAll([message], emoji),
    copy: (message) => copyWords(message.text),
    quick,
    forward: (messages) => (forwarded.value = messages),
    details: (message) => (detailed.value = message),
    toggleSelected(message) {
      selection.value = toggled(selection.value, message);
      last = message.key;
    },
    selectTo(message) {
      selection.value = extended(selection.value, items(), last, message);
      last = message.key;
    },
    cancel: (message) => withLocal(message, commands.cancel),
    edit(message) {
      reply.value = null;
      editing.value = message;
    },
    resend: (message) => withLocal(message, commands.resend),
    discard: (message) => withLocal(message, commands.discard),
    goTo: (messageId) => void goTo(messageId),
    openLink: (href) => void run(openExternal(href)),
    openPicture: (_message, file) => (viewed.value = file.id),
    hold: (open) => (held.value = open),
    isListed: music.isListed,
    menu: (id, message) => choose(id as MessageMenuId, message),
  };

  function choose(id: MessageMenuId, message: MessageView): void {
    switch (id) {
      case 'react':
        reacting.value = [message];
        return;
      case 'forward':
        return actions.forward([message]);
      case 'select':
        return actions.toggleSelected(message);
      case 'note':
        return void keepNote(message);
      case 'other':
        if (message.doubleOf !== null) actions.goTo(message.doubleOf);
        return;
      case 'playNext':
      case 'playLater':
        return void music.queue(musicOf(message), message, id);
      case 'party':
        return void run(commands.send({ chatId: message.chatId, text: PARTY_WORDS, replyTo: message.id }));
      case 'addToLibrary':
        return void music.addAll(musicOf(message));
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

  return {
    actions,
    reply,
    editing,
    detailed,
    forwarded,
    reacting,
    selection,
    viewed,
    held,
    failed,
    copyAll,
    copyWords,
    reactAll,
  };
}
