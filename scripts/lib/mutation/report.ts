/** What a mutation run has found, for a person. Pure. */
import type { Outcome, RoomResult, Tried } from './run.ts';

/** The part of the tried mutants that the tests have found, in percent; 100 for none. What never ended counts as found. */
export function scoreOf(tried: readonly Pick<Tried, 'outcome'>[]): number {
  if (tried.length === 0) return 100;
  const found = tried.filter(({ outcome }) => outcome === 'killed' || outcome === 'late').length;
  return (found / tried.length) * 100;
}

const count = (tried: readonly Tried[], wanted: Outcome): string =>
  String(tried.filter(({ outcome }) => outcome === wanted).length);

/** A table of the rooms and all of them together. */
export function table(results: readonly RoomResult[]): string[] {
  const row = (name: string, mutants: number, tried: readonly Tried[]): string =>
    `| ${[
      name,
      String(mutants),
      String(tried.length),
      count(tried, 'killed'),
      count(tried, 'late'),
      count(tried, 'survived'),
      count(tried, 'not met'),
      `${scoreOf(tried).toFixed(1)} %`,
    ].join(' | ')} |`;
  return [
    '| room | mutants | tried | killed | never ended | survived | met by no test | score |',
    '| --- | --- | --- | --- | --- | --- | --- | --- |',
    ...results.map(({ room, mutants, tried }) => row(room, mutants, tried)),
    row(
      'all',
      results.reduce((sum, { mutants }) => sum + mutants, 0),
      results.flatMap(({ tried }) => tried),
    ),
  ];
}

/** One line for each mutant that no test has found. */
export function survivorsOf({ tried }: RoomResult): string[] {
  return tried
    .filter(({ outcome }) => outcome === 'survived' || outcome === 'not met')
    .map(({ file, line, column, kind, replacement, source, outcome }) => {
      const change = replacement === '' ? 'left out' : `=> ${replacement.replaceAll(/\s+/g, ' ')}`;
      return `${file}:${String(line)}:${String(column)} [${kind}${outcome === 'not met' ? ', not met' : ''}] ${change}    ${source}`;
    });
}
