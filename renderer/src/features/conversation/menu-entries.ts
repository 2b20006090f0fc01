/** The menu of a message, depending on its state. Pure: strings come from a function argument. */
import {
  CheckCheck,
  Copy,
  CornerUpLeft,
  Forward,
  Info,
  Link,
  ListChecks,
  ListEnd,
  ListMusic,
  ListStart,
  PartyPopper,
  NotebookPen,
  Pencil,
  RotateCw,
  SmilePlus,
  TextSelect,
  Trash2,
  Undo2,
} from '@lucide/vue';
import type { AttachmentView, MessageView } from '#contract/ipc/views.ts';
import type { MenuEntry } from '../../ui/menu.ts';

/** The ids of the entries, as passed to `ConversationActions.menu`. */
export type MessageMenuId =
  | 'react'
  | 'reply'
  | 'copy'
  | 'forward'
  | 'select'
  | 'note'
  | 'details'
  | 'cancel'
  | 'edit'
  | 'resend'
  | 'discard'
  | 'other'
  | 'playNext'
  | 'playLater'
  | 'addToLibrary'
  | 'party';

/** Where in the message the menu was opened. */
export interface MenuAim {
  /** The selected text; empty for none. */
  selected: string;
  /** The target of the link under the pointer. */
  link: string | null;
}

/** True while the message has not left this device, so that it can be cancelled or edited. */
export function isWaiting(message: MessageView): boolean {
  return message.id === null && (message.state === 'queued' || message.state === 'waiting_auth');
}

/** True when the user has to decide what to do with the message. */
export function needsDecision(message: MessageView): boolean {
  return message.state === 'failed' || message.undecided;
}

/** The music of a message: sound that is no voice message, and that the server has. */
export function musicOf({ attachments }: Pick<MessageView, 'attachments'>): AttachmentView[] {
  return attachments.filter(({ kind, voice, uploadId }) => kind === 'audio' && !voice && uploadId === null);
}

/**
 * The entries of a message's menu; `copyLink` and `copySelection` depend on where it was opened. `isListed`: the library
 * has this file.
 */
export function messageMenu(
  message: MessageView,
  t: (key: string) => string,
  aim?: MenuAim,
  isListed: (fileId: string) => boolean = () => false,
): MenuEntry[] {
  const entry = (
    id: MessageMenuId | 'copyLink' | 'copySelection',
    label: string,
    icon: typeof Copy,
    danger = false,
  ): MenuEntry => ({
    kind: 'action',
    id,
    label,
    icon,
    danger,
  });
  const stored = message.id !== null;
  const decide = needsDecision(message);
  const music = musicOf(message);
  const entries: (MenuEntry | null)[] = [
    stored ? entry('reply', t('conversation.menu.reply'), CornerUpLeft) : null,
    stored ? entry('react', t('conversation.menu.react'), SmilePlus) : null,
    decide ? entry('resend', t('conversation.menu.resend'), RotateCw) : null,
    message.state === 'failed' || isWaiting(message) ? entry('edit', t('conversation.menu.edit'), Pencil) : null,
    aim?.link ? entry('copyLink', t('conversation.menu.copyLink'), Link) : null,
    aim && aim.selected.trim() !== '' ? entry('copySelection', t('conversation.menu.copySelection'), TextSelect) : null,
    message.text === '' ? null : entry('copy', t('conversation.menu.copy'), Copy),
    stored ? entry('forward', t('conversation.menu.forward'), Forward) : null,
    stored && message.text !== '' ? entry('note', t('notes.keep'), NotebookPen) : null,
    stored ? entry('select', t('conversation.menu.select'), ListChecks) : null,
    message.doubleOf === null ? null : entry('other', t('conversation.menu.other'), CheckCheck),
    music.length > 0 ? { kind: 'separator', id: 'music' } : null,
    music.length > 0 ? entry('playNext', t('trackCard.playNext'), ListStart) : null,
    music.length > 0 ? entry('playLater', t('trackCard.playLater'), ListEnd) : null,
    message.mine && music.some(({ id }) => !isListed(id))
      ? entry('addToLibrary', t('trackCard.addToLibrary'), ListMusic)
      : null,
    stored && music.length > 0 ? entry('party', t('party.start'), PartyPopper) : null,
    { kind: 'separator', id: 'line' },
    entry('details', t('conversation.menu.details'), Info),
    isWaiting(message) ? entry('cancel', t('conversation.menu.cancel'), Undo2, true) : null,
    decide ? entry('discard', t('conversation.menu.discard'), Trash2, true) : null,
  ];
  return entries.filter((one) => one !== null);
}
