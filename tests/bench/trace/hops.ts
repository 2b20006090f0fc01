/** What many ways come to: how long each hop takes, and which of the ways may be counted. */
import { summarize, type Summary } from '../lib/stats.ts';
import type { Followed, Moment } from './way.ts';

/** The share of ways that may be left out before the figures are refused. */
export const MOST_INCOMPLETE = 0.05;

/** From the moment above to this one. */
export interface Hop {
  /** The milestone at its end. */
  key: string;
  summary: Summary;
  /** Of the time of all ways, 0 to 1. The shares of all hops make 1. */
  share: number;
  /** How often it came out below zero: the clocks of two processes disagree by that. */
  backwards: number;
}

export interface Hops {
  /** The milestone at which every way begins. */
  start: string;
  hops: Hop[];
  total: Summary;
  /** Milliseconds: the medians of the hops added up, which is near the median of the whole way but not the same. */
  sumOfMedians: number;
  /** Ways that were counted. */
  complete: number;
  /** Why the others were not, the most frequent reason first. */
  incomplete: { reason: string; count: number }[];
}

export type HopsOutcome = { ok: true; hops: Hops } | { ok: false; reason: string };

const signature = (moments: readonly Moment[]): string => moments.map(({ key }) => key).join(' > ');

function mostFrequent(counts: ReadonlyMap<string, number>): [string, number][] {
  return [...counts].sort(([, one], [, other]) => other - one);
}

function countBy(names: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

/** How another way differs from the usual one. */
function difference(usual: string, other: string): string {
  const [ours, theirs] = [usual.split(' > '), other.split(' > ')];
  const without = ours.filter((key) => !theirs.includes(key)).map((key) => `no ${key}`);
  const added = theirs.filter((key) => !ours.includes(key)).map((key) => `also ${key}`);
  return `another way: ${[...without, ...added].join(', ')}`;
}

/** Sums up the ways that pass the same milestones as most do. The figures are refused when too many do not. */
export function summarizeWays(ways: readonly Followed[]): HopsOutcome {
  const seen = ways.flatMap((way) => (way.ok ? [way.moments] : []));
  const [usual] = mostFrequent(countBy(seen.map(signature)));
  const alike = usual ? seen.filter((moments) => signature(moments) === usual[0]) : [];
  const reasons = [
    ...ways.flatMap((way) => (way.ok ? [] : [way.reason])),
    ...seen.map(signature).flatMap((other) => (usual && other !== usual[0] ? [difference(usual[0], other)] : [])),
  ];
  const incomplete = mostFrequent(countBy(reasons)).map(([reason, count]) => ({ reason, count }));
  const [first] = alike;
  if (!first || reasons.length > ways.length * MOST_INCOMPLETE) {
    const told = incomplete.slice(0, 3).map(({ reason, count }) => `${reason} (${count})`);
    return { ok: false, reason: `${reasons.length} of ${ways.length} ways are incomplete: ${told.join('; ')}` };
  }
  const times = (index: number): number[] =>
    alike.map((moments) => (moments[index]?.at ?? Number.NaN) - (moments[index - 1]?.at ?? Number.NaN));
  const whole = alike.map((moments) => (moments.at(-1)?.at ?? Number.NaN) - (moments[0]?.at ?? Number.NaN));
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  const hops = first.slice(1).map(({ key }, index): Hop => {
    const taken = times(index + 1);
    return {
      key,
      summary: summarize(taken),
      share: sum(taken) / sum(whole),
      backwards: taken.filter((value) => value < 0).length,
    };
  });
  return {
    ok: true,
    hops: {
      start: first[0]?.key ?? '',
      hops,
      total: summarize(whole),
      sumOfMedians: sum(hops.map(({ summary }) => summary.p50)),
      complete: alike.length,
      incomplete,
    },
  };
}
