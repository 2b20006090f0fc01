/** The selection of messages, and reactions to several messages. Pure. */
import type { MessageView } from '#contract/ipc/views.ts';

export type Selection = ReadonlyMap<string, MessageView>;

/** Adds or removes a message. Only messages the server has can be selected. */
export function toggled(selection: Selection | null, message: MessageView): Selection {
  const next = new Map(selection ?? []);
  if (message.id !== null && !next.delete(message.key)) next.set(message.key, message);
  return next;
}

/**
 * Adds everything between the last selected message and this one, inclusive. `items` are those of the window; if the
 * last one is not among them, only this one is added.
 */
export function extended(
  selection: Selection | null,
  items: readonly MessageView[],
  last: string | null,
  message: MessageView,
): Selection {
  const to = items.findIndex((item) => item.key === message.key);
  const from = last === null ? -1 : items.findIndex((item) => item.key === last);
  const range = from < 0 || to < 0 ? [message] : items.slice(Math.min(from, to), Math.max(from, to) + 1);
  return new Map([
    ...(selection ?? []),
    ...range.filter((item) => item.id !== null).map((item) => [item.key, item] as const),
  ]);
}

const isMine = (message: MessageView, emoji: string): boolean =>
  message.reactions.some((reaction) => reaction.mine && reaction.emoji === emoji);

/**
 * The targets of a reaction requested at a message: the whole selection with this message first, otherwise this one.
 */
export function reactionTargets(at: MessageView | null, chosen: readonly MessageView[]): MessageView[] {
  const isAt = (message: MessageView): number => Number(message.key === at?.key);
  const targets = chosen.length > 0 ? chosen.toSorted((a, b) => isAt(b) - isAt(a)) : at ? [at] : [];
  return targets.filter((message) => message.id !== null);
}

/** The user's own reactions that all of them have. */
export function sharedReactions(messages: readonly MessageView[]): string[] {
  const [first, ...others] = messages;
  const mine = first?.reactions.filter((reaction) => reaction.mine).map((reaction) => reaction.emoji) ?? [];
  return mine.filter((emoji) => others.every((message) => isMine(message, emoji)));
}

/** Adds an emoji to the messages that lack it; if none does, removes it from all. */
export function reactionChanges(messages: readonly MessageView[], emoji: string): { id: string; on: boolean }[] {
  const known = messages.flatMap((message) =>
    message.id === null ? [] : { id: message.id, has: isMine(message, emoji) },
  );
  const on = known.some(({ has }) => !has);
  return known.filter(({ has }) => has !== on).map(({ id }) => ({ id, on }));
}
