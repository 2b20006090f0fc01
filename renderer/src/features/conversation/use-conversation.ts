/**
 * One chat on the screen: its rows, the reading position, and navigation within it. Coming back restores the previous
 * position, unless that was the end and there are unread messages.
 */
import {
  computed,
  nextTick,
  onBeforeUnmount,
  ref,
  shallowRef,
  watch,
  type ComputedRef,
  type Ref,
  type ShallowRef,
  type WritableComputedRef,
} from 'vue';
import type { ErrorCode } from '#contract/model/errors.ts';
import { provideMoments } from '../../composables/moments.ts';
import { useCallLinesStore } from '../../stores/account/call-lines.ts';
import { useChatsStore } from '../../stores/account/chats.ts';
import { useConversationsStore } from '../../stores/account/conversations.ts';
import type { ChatMessages, OpenTarget, ReadingPlace } from '../../stores/account/messages/chat-state.ts';
import { findMessage } from '../../stores/account/messages/window.ts';
import { useMessagesStore } from '../../stores/account/messages.ts';
import { useHeldWhilePressed } from '../../ui/press.ts';
import type { TimelinePlace } from '../../ui/timeline/timeline-model.ts';
import type { TimelineHandle } from '../../ui/timeline/timeline-view.ts';
import { createCallRows } from './call-rows.ts';
import { createRowBuilder, type ConversationRow } from './rows.ts';

/** Milliseconds a jump target is highlighted. */
const FLASH_MS = 1600;
/** Pixels below the top where the unread divider and a day are placed. */
const UNREAD_OFFSET = 96;
const DAY_OFFSET = 8;

export interface Conversation {
  state: ComputedRef<ChatMessages>;
  rows: ComputedRef<ConversationRow[]>;
  /** The initial position of the list; null until the first page has arrived. */
  initial: ShallowRef<TimelinePlace | null>;
  /** The message the unread divider follows; null for no divider. */
  divider: WritableComputedRef<{ readUpTo: string | null } | null>;
  flash: Ref<string | null>;
  /** Goes to a message by key or id, loading a page around it if necessary. */
  goToMessage(messageId: string): Promise<void>;
  goToNewest(): Promise<void>;
  /** Resolves with the row where the day starts; null when that failed. */
  goToDay(day: number): Promise<string | null>;
  /** Opens the chat (again): at a message, or at the previous position. */
  open(messageId: string | null): Promise<void>;
}

/** `failed` is called with the reason when a jump fails. */
export function useConversation(
  chatId: string,
  timeline: Readonly<Ref<TimelineHandle | null>>,
  failed: (code: ErrorCode) => void,
): Conversation {
  const messages = useMessagesStore();
  const chats = useChatsStore();
  const state = computed(() => messages.state(chatId));
  const kept = useConversationsStore();
  const divider = computed({
    get: () => kept.dividers.get(chatId) ?? null,
    set: (after) => void kept.dividers.set(chatId, after),
  });
  provideMoments(() => state.value.window?.items ?? []);
  const build = createRowBuilder();
  const lines = useCallLinesStore();
  const withCalls = createCallRows();
  const current = computed(() => {
    const { window } = state.value;
    return window ? withCalls(build(window, divider.value), window, lines.of(chatId)) : [];
  });
  // A row that moves away between press and release is not clicked.
  const rows = useHeldWhilePressed(
    () => current.value,
    (pressed) => pressed.closest('[data-timeline-row]') !== null,
  );
  const initial = shallowRef<TimelinePlace | null>(null);
  const flash = ref<string | null>(null);
  let flashTimer: ReturnType<typeof setTimeout> | null = null;

  function light(key: string): void {
    flash.value = key;
    if (flashTimer !== null) clearTimeout(flashTimer);
    flashTimer = setTimeout(() => (flash.value = null), FLASH_MS);
  }

  /** The key of a message in the window, by key or id. */
  function keyOf(messageId: string): string | null {
    const { window } = state.value;
    return window?.items[findMessage(window, messageId)]?.key ?? null;
  }

  function placeFor(target: OpenTarget): TimelinePlace {
    if (target.at === 'message') {
      const key = keyOf(target.messageId);
      return key === null ? { at: 'end' } : { at: 'center', key };
    }
    if (target.at === 'unread' && rows.value.some((row) => row.kind === 'unread')) {
      return { at: 'row', key: 'unread', offset: UNREAD_OFFSET };
    }
    if (target.at === 'date') {
      const index = rows.value.findIndex((row) => row.kind === 'day' && row.day >= target.time);
      const row = rows.value[index];
      if (row) return { at: 'row', key: row.key, offset: DAY_OFFSET };
    }
    return { at: 'end' };
  }

  async function stand(place: TimelinePlace): Promise<void> {
    initial.value ??= place;
    await nextTick();
    timeline.value?.goTo(place);
  }

  async function go(target: OpenTarget): Promise<boolean> {
    const result = await messages.open(chatId, target);
    if (!result.ok) {
      if (result.error.code !== 'cancelled') failed(result.error.code);
      return false;
    }
    if (target.at === 'unread') divider.value = { readUpTo: state.value.window?.readUpTo ?? null };
    await stand(placeFor(target));
    return true;
  }

  async function goToMessage(messageId: string): Promise<void> {
    if (!messages.has(chatId, messageId) && !(await go({ at: 'message', messageId }))) {
      if (!state.value.window) await go({ at: 'latest' });
      return;
    }
    const key = keyOf(messageId);
    if (key === null) {
      failed('not_found');
      return;
    }
    await stand({ at: 'center', key });
    light(key);
  }

  async function goToNewest(): Promise<void> {
    if (state.value.window?.newer === 'end') await stand({ at: 'end' });
    else await go({ at: 'latest' });
  }

  async function goToDay(day: number): Promise<string | null> {
    const target = { at: 'date', time: day } as const;
    if (!(await go(target))) return null;
    const place = placeFor(target);
    return place.at === 'row' ? place.key : (rows.value.at(-1)?.key ?? null);
  }

  async function open(messageId: string | null): Promise<void> {
    messages.show(chatId);
    const place = kept.places.get(chatId);
    const unread = chats.get(chatId)?.unread ?? 0;
    if (messageId === null && place && (place.at === 'row' || unread === 0)) {
      // The position includes the divider: without it everything below would be higher.
      if (await goBack(place)) return;
      if (place.at === 'row') divider.value = null;
    } else divider.value = null;
    if (messageId !== null) await goToMessage(messageId);
    else await go({ at: unread > 0 ? 'unread' : 'latest' });
  }

  /** Restores the reading position, loading a page around it if it was dropped. False when it cannot be loaded. */
  async function goBack(place: ReadingPlace): Promise<boolean> {
    if (state.value.phase !== 'ready' || !state.value.window) {
      if (place.at === 'end') return false;
      const result = await messages.open(chatId, { at: 'place', key: place.near });
      if (!result.ok) return result.error.code === 'cancelled';
    }
    await stand(place);
    return true;
  }

  // Calls as far back as messages are shown.
  watch(
    () => {
      const { window } = state.value;
      return window && (window.older === 'end' ? 0 : (window.items[0]?.createdAt ?? 0));
    },
    (from) => from !== null && lines.want(from),
    { immediate: true },
  );

  onBeforeUnmount(() => {
    if (flashTimer !== null) clearTimeout(flashTimer);
    messages.show(null);
  });

  return { state, rows, initial, divider, flash, goToMessage, goToNewest, goToDay, open };
}
