/**
 * Moments: a reply to a track or a voice note that starts with a time, such as "1:23 the strings come in", is a dot on
 * its wave.
 */
import { computed, inject, provide, type ComputedRef, type InjectionKey } from 'vue';
import type { MessageView } from '#contract/ipc/views.ts';

export interface Moment {
  /** The reply's key. */
  key: string;
  /** Seconds from the start. */
  at: number;
  /** What is said about it; may be empty. */
  text: string;
  senderId: string;
  senderName: string;
  mine: boolean;
}

/** Dots on one wave: more could not be told apart. */
const MOST = 40;

/** A time at the very start, and not a part of a longer number: "1:23", "01:02:03". */
const TIME = /^\s*(?:(\d{1,2}):)?(\d{1,3}):([0-5]\d)(?![\d:.,]*\d)(?:\s*[-–—:,.]?\s*)([\s\S]*)$/;

/** The time that a text starts with, in seconds, and the rest of it; null when it starts with none. Pure. */
export function momentIn(text: string): { at: number; rest: string } | null {
  const found = TIME.exec(text);
  if (!found) return null;
  const [, hours, minutes = '', seconds = '', rest = ''] = found;
  // With hours, minutes end at 59.
  if (hours !== undefined && Number(minutes) > 59) return null;
  return { at: Number(hours ?? 0) * 3600 + Number(minutes) * 60 + Number(seconds), rest: rest.trim() };
}

type Spoken = Pick<MessageView, 'key' | 'text' | 'senderId' | 'senderName' | 'mine'> & {
  quote: Pick<NonNullable<MessageView['quote']>, 'id'> | null;
};

/** The moments of these messages, by the id of the message they are about, in the order of their times. Pure. */
export function momentsOf(messages: readonly Spoken[]): ReadonlyMap<string, readonly Moment[]> {
  const all = new Map<string, Moment[]>();
  for (const { key, text, senderId, senderName, mine, quote } of messages) {
    const moment = quote ? momentIn(text) : null;
    if (!moment || !quote) continue;
    const list = all.get(quote.id) ?? [];
    all.set(quote.id, list);
    list.push({ key, at: moment.at, text: moment.rest, senderId, senderName, mine });
  }
  for (const list of all.values()) list.sort((a, b) => a.at - b.at);
  return all;
}

const MOMENTS: InjectionKey<ComputedRef<ReadonlyMap<string, readonly Moment[]>>> = Symbol('moments');

/** Gathers the moments of a conversation for the waves inside it. */
export function provideMoments(messages: () => readonly MessageView[]): void {
  provide(
    MOMENTS,
    computed(() => momentsOf(messages())),
  );
}

/** The moments about a message that lie within `seconds`; none outside of a conversation. */
export function useMoments(messageId: () => string | null, seconds: () => number | null): ComputedRef<Moment[]> {
  const all = inject(MOMENTS, null);
  return computed(() => {
    const id = messageId();
    const end = seconds();
    if (!all || id === null || end === null) return [];
    return (all.value.get(id) ?? []).filter(({ at }) => at <= end).slice(0, MOST);
  });
}
