/** What a write changes in the totals: by name, by the hour in which the rows were made, and of reactions by emoji. */
import type { Totals } from '../ports.ts';
import type { CountedReaction, Tally } from './dialect.ts';

const HOUR_MS = 3_600_000;

/** The hours since the epoch. @param at milliseconds. */
export const hourOf = (at: number): number => Math.floor(at / HOUR_MS);

/** So many rows more, or fewer, of those made in one hour. */
export interface TotalChange {
  name: keyof Totals;
  hour: number;
  change: number;
}

/** So many reactions more, or fewer, with one emoji, of those that one part counts. */
export interface EmojiChange {
  emoji: string;
  part: number;
  change: number;
}

/** A reaction that came (1) or went (-1). */
interface ReactionChange extends CountedReaction {
  change: number;
}

export interface Changes {
  tally: Tally;
  /** By name, then by hour, without those that came to nothing. */
  all(): TotalChange[];
  reactions(): readonly ReactionChange[];
}

export function createChanges(): Changes {
  const changes = new Map<string, TotalChange>();
  const reactions: ReactionChange[] = [];
  return {
    tally(name, change, at, reaction) {
      const hour = hourOf(at);
      const key = `${name} ${hour}`;
      changes.set(key, { name, hour, change: (changes.get(key)?.change ?? 0) + change });
      if (reaction) reactions.push({ id: reaction.id, emoji: reaction.emoji, change });
    },
    // In one order for all writes, so that no two of them wait for each other.
    all: () =>
      [...changes.values()]
        .filter(({ change }) => change !== 0)
        .toSorted((a, b) => (a.name === b.name ? a.hour - b.hour : a.name < b.name ? -1 : 1)),
    reactions: () => reactions,
  };
}

/** The changes of several writes as those of one. */
export function summed(parts: readonly Changes[]): TotalChange[] {
  const sum = createChanges();
  for (const part of parts) {
    for (const { name, hour, change } of part.all()) sum.tally(name, change, hour * HOUR_MS);
  }
  return sum.all();
}

/** By how much the totals themselves change, by name. */
export function totalsOf(changes: readonly TotalChange[]): Map<keyof Totals, number> {
  const totals = new Map<keyof Totals, number>();
  for (const { name, change } of changes) totals.set(name, (totals.get(name) ?? 0) + change);
  return totals;
}

/**
 * By how much the totals of the emojis change: by emoji, then by part, without those that came to nothing.
 * @param partOf which part counts a reaction, by its id.
 */
export function emojisOf(parts: readonly Changes[], partOf: (id: string) => number): EmojiChange[] {
  const sums = new Map<string, EmojiChange>();
  for (const { id, emoji, change } of parts.flatMap((one) => one.reactions())) {
    const part = partOf(id);
    const key = `${part} ${emoji}`;
    sums.set(key, { emoji, part, change: (sums.get(key)?.change ?? 0) + change });
  }
  return [...sums.values()]
    .filter(({ change }) => change !== 0)
    .toSorted((a, b) => (a.emoji === b.emoji ? a.part - b.part : a.emoji < b.emoji ? -1 : 1));
}
