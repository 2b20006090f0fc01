/** Hops as figures: the table that a trace prints. */
import type { Figure } from '../lib/report.ts';
import { summarize } from '../lib/stats.ts';
import type { Hops } from './hops.ts';
import type { Milestone } from './way.ts';

export interface TraceNames {
  /** Of the figures, for comparisons from run to run. */
  prefix: string;
  /** The way as a whole. */
  whole: string;
  /** Of each milestone. */
  way: readonly Milestone[];
}

/** How many were left out, and why. @param things messages or starts. */
export function incompleteFigure(prefix: string, things: string, { complete, incomplete }: Hops): Figure {
  const left = incomplete.reduce((sum, { count }) => sum + count, 0);
  const reasons = incomplete.map(({ reason, count }) => `${reason} (${count})`);
  return {
    name: `${prefix}.incomplete`,
    what: `${things} whose hops were not all found, of ${complete + left}`,
    value: left,
    unit: '',
    budget: null,
    ...(left > 0 ? { note: reasons.join('; ') } : {}),
  };
}

/** The whole way, then one line for each hop, named by the moment at its end. */
export function hopFigures(hops: Hops, { prefix, whole, way }: TraceNames): Figure[] {
  const what = (key: string): string => way.find((milestone) => milestone.key === key)?.what ?? key;
  const off = hops.sumOfMedians - hops.total.p50;
  return [
    {
      name: `${prefix}.sum`,
      what: `the medians of all hops added up (${off < 0 ? '' : '+'}${off.toFixed(2)} ms against the median of the whole)`,
      value: hops.sumOfMedians,
      unit: 'ms',
      budget: null,
    },
    ...hops.hops.map((hop): Figure => ({
      name: `${prefix}.${hop.key}`,
      what: what(hop.key),
      value: hop.summary.p50,
      unit: 'ms',
      budget: null,
      summary: hop.summary,
      share: hop.share,
      ...(hop.backwards > 0 ? { note: `${hop.backwards} times below zero: two clocks disagree` } : {}),
    })),
    {
      name: `${prefix}.total`,
      what: `= ${whole} (mean ${hops.total.mean.toFixed(2)} ms)`,
      value: hops.total.p50,
      unit: 'ms',
      budget: null,
      summary: hops.total,
      share: 1,
    },
  ];
}

/** What is told beside the way; nothing for what was not met by half of the messages. */
export function besideFigures(
  prefix: string,
  measured: readonly { key: string; what: string; values: readonly number[] }[],
  ways: number,
): Figure[] {
  return measured
    .filter(({ values }) => values.length * 2 > ways)
    .map(({ key, what, values }) => {
      const summary = summarize(values);
      return {
        name: `${prefix}.beside.${key}`,
        what: `beside: ${what}`,
        value: summary.p50,
        unit: 'ms',
        budget: null,
        summary,
        share: null,
      };
    });
}
