/** Figures and their budgets: what a benchmark answers, and how a person reads it. */
import type { Summary } from './stats.ts';

/** What a figure must keep to. */
export interface Budget {
  /** The largest value that still meets it. */
  atMost: number;
  /** True: the value itself is already too much. */
  exclusive?: boolean;
}

/** One measured number with all that belongs to it. */
export interface Figure {
  /** Stable name, for comparisons from run to run. */
  name: string;
  /** What was measured, in words. */
  what: string;
  value: number;
  unit: string;
  /** Null: told for its own sake, or as the yardstick of another. */
  budget: Budget | null;
  /** The whole distribution, where there is one. */
  summary?: Summary;
  /** For a hop of a way: its part of the way's time, 0 to 1; null beside the way. `value` is the median. */
  share?: number | null;
  /** What a reader must know to believe it. */
  note?: string;
}

/** What one benchmark brought. */
export interface CaseResult {
  name: string;
  title: string;
  /** How it was measured. */
  method: string;
  figures: Figure[];
  /** What could not be done, in plain words. */
  refused: string[];
  seconds: number;
}

export type Verdict = 'met' | 'missed' | '';

/** Whether a figure keeps to its budget; empty when it has none. */
export function verdict(figure: Pick<Figure, 'value' | 'budget'>): Verdict {
  if (!figure.budget) return '';
  const { atMost, exclusive } = figure.budget;
  // A value that is not a number was not measured, and what was not measured is not met.
  return (exclusive ? figure.value < atMost : figure.value <= atMost) ? 'met' : 'missed';
}

/** A number with as many digits as a reader can use. */
export function format(value: number, unit: string): string {
  if (Number.isNaN(value)) return '-';
  const digits = Math.abs(value) >= 100 || Number.isInteger(value) ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  const text = value.toFixed(digits);
  return unit === '' ? text : `${text} ${unit}`;
}

function isHop(figure: Figure): boolean {
  return figure.share !== undefined;
}

/** What stands beside a hop in the place of budget and verdict. */
function hopCells({ summary, share, unit }: Figure): [p95: string, share: string] {
  return [
    summary ? format(summary.p95, unit) : '',
    share === undefined || share === null ? '' : `${(share * 100).toFixed(1)} %`,
  ];
}

function budgetText(figure: Figure): string {
  if (!figure.budget) return '';
  return `${figure.budget.exclusive ? '<' : '<='} ${format(figure.budget.atMost, figure.unit)}`;
}

/** The table that is printed: one line for each figure, its budget and the verdict beside it. */
export function table(results: readonly CaseResult[]): string {
  const rows: string[][] = [['figure', 'value', 'budget', 'verdict']];
  for (const result of results) {
    rows.push([`${result.name}: ${result.title} (${result.seconds.toFixed(0)} s)`, '', '', '']);
    const plain = result.figures.filter((figure) => !isHop(figure));
    const hops = result.figures.filter(isHop);
    for (const figure of plain) {
      rows.push([`  ${figure.what}`, format(figure.value, figure.unit), budgetText(figure), verdict(figure)]);
    }
    if (hops.length > 0) rows.push(['  hop', 'p50', 'p95', 'share']);
    for (const hop of hops) rows.push([`  ${hop.what}`, format(hop.value, hop.unit), ...hopCells(hop)]);
    for (const reason of result.refused) rows.push([`  not done: ${reason}`, '', '', '']);
  }
  const widths = [0, 1, 2, 3].map((column) =>
    Math.max(...rows.filter((row) => column === 0 || row[1] !== '').map((row) => (row[column] ?? '').length)),
  );
  const cell = (text: string, column: number): string => {
    const width = Math.min(widths[column] ?? 0, 92);
    return column === 0 || column === 3 ? text.padEnd(width) : text.padStart(width);
  };
  return rows
    .map((row) =>
      row
        .map((text, column) => cell(text, column))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** The same as tables for docs/BENCHMARKS.md: each benchmark with its method, its figures and what was not done. */
export function markdown(results: readonly CaseResult[]): string {
  const cell = (text: string): string => text.replaceAll('|', '\\|');
  const section = (result: CaseResult): string => {
    const hops = result.figures.filter(isHop);
    const hopRows = hops.map(
      (hop) => `| ${[cell(hop.what), format(hop.value, hop.unit), ...hopCells(hop)].join(' | ')} |`,
    );
    const plain = result.figures.filter((figure) => !isHop(figure));
    const rows = plain.map((figure) => {
      const word = verdict(figure);
      const said = word === 'missed' ? '**missed**' : word;
      return `| ${cell(figure.what)} | ${format(figure.value, figure.unit)} | ${cell(budgetText(figure))} | ${said} |`;
    });
    const refused = result.refused.map((reason) => `Not done: ${reason}.`);
    const head = ['| figure | value | budget | |', '|---|--:|--:|---|'];
    const hopHead = ['| hop | p50 | p95 | share |', '|---|--:|--:|--:|'];
    const tables = [
      rows.length > 0 || hops.length === 0 ? [...head, ...rows].join('\n') : '',
      hops.length > 0 ? [...hopHead, ...hopRows].join('\n') : '',
    ];
    return [`## ${result.name}: ${result.title}`, result.method, ...tables, ...refused]
      .filter((part) => part !== '')
      .join('\n\n');
  };
  return results.map(section).join('\n\n');
}

/** Totals over all figures that have a budget. */
export function tally(results: readonly CaseResult[]): { met: number; missed: number } {
  const verdicts = results.flatMap((result) => result.figures.map(verdict));
  return {
    met: verdicts.filter((word) => word === 'met').length,
    missed: verdicts.filter((word) => word === 'missed').length,
  };
}
