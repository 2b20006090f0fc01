/** The context menu of a chat in the list, and the change each entry requests. Pure. */
import { Archive, ArchiveRestore, BellOff, Bell, FileDown, MailOpen, MessageSquareDot, Pin, PinOff } from '@lucide/vue';
import type { ChannelInput } from '#contract/ipc/channels.ts';
import type { ChatView } from '#contract/ipc/views.ts';
import { isMuted, isUnread } from '../../stores/account/chat-order.ts';
import type { MenuEntry } from '../../ui/menu.ts';

export type ChatChange = Omit<ChannelInput<'chats.organise'>, 'accountId' | 'chatId'>;

const HOUR_MS = 3_600_000;

/** 8 a.m. local time on the next day: when "until tomorrow" ends. */
export function tomorrowMorning(now: number): number {
  const day = new Date(now);
  return new Date(day.getFullYear(), day.getMonth(), day.getDate() + 1, 8).getTime();
}

/** The menu of a chat. */
export function chatMenu(chat: ChatView, now: number, t: (key: string) => string): MenuEntry[] {
  return [
    chat.pinned
      ? { kind: 'action', id: 'unpin', label: t('chats.menu.unpin'), icon: PinOff }
      : { kind: 'action', id: 'pin', label: t('chats.menu.pin'), icon: Pin },
    isUnread(chat)
      ? { kind: 'action', id: 'read', label: t('chats.menu.markRead'), icon: MailOpen }
      : { kind: 'action', id: 'unread', label: t('chats.menu.markUnread'), icon: MessageSquareDot },
    isMuted(chat, now)
      ? { kind: 'action', id: 'unmute', label: t('chats.menu.unmute'), icon: Bell }
      : {
          kind: 'branch',
          id: 'mute',
          label: t('chats.menu.mute'),
          icon: BellOff,
          entries: [
            { kind: 'action', id: 'mute-hour', label: t('chats.menu.muteHour') },
            { kind: 'action', id: 'mute-eight', label: t('chats.menu.muteEight') },
            { kind: 'action', id: 'mute-tomorrow', label: t('chats.menu.muteTomorrow') },
            { kind: 'action', id: 'mute-forever', label: t('chats.menu.muteForever') },
          ],
        },
    { kind: 'separator', id: 'line' },
    chat.archived
      ? { kind: 'action', id: 'unarchive', label: t('chats.menu.unarchive'), icon: ArchiveRestore }
      : { kind: 'action', id: 'archive', label: t('chats.menu.archive'), icon: Archive },
    { kind: 'note', id: 'here', text: t('chats.menu.here') },
    { kind: 'separator', id: 'export-line' },
    { kind: 'action', id: 'export', label: t('exports.menu'), icon: FileDown },
  ];
}

/** The change requested by a menu entry; null for entries that do not organise the chat. */
export function chatChange(choice: string, now: number): ChatChange | null {
  switch (choice) {
    case 'pin':
      return { pinned: true };
    case 'unpin':
      return { pinned: false };
    case 'archive':
      return { archived: true };
    case 'unarchive':
      return { archived: false };
    case 'unread':
      return { markedUnread: true };
    case 'unmute':
      return { muted: null };
    case 'mute-hour':
      return { muted: { until: now + HOUR_MS } };
    case 'mute-eight':
      return { muted: { until: now + 8 * HOUR_MS } };
    case 'mute-tomorrow':
      return { muted: { until: tomorrowMorning(now) } };
    case 'mute-forever':
      return { muted: { until: null } };
    default:
      return null;
  }
}
