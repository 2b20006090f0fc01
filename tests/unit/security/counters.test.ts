/**
 * The counters of docs/SECURITY-TESTS.md against the tables themselves: as many rows as are written there or more, and never
 * fewer than was promised. The tables are counted in the tests' own syntax, so that none can shrink unseen.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { ROUTE_NAMES } from '../../../contract/routes.ts';
import { ROOT } from '../../../scripts/lib/paths.ts';

interface Counter {
  /** What was promised. */
  least: number;
  /** Test files below tests/, each with its tables: those of `each` after these names, or constants of these names. */
  tables: readonly (readonly [file: string, ...names: string[]])[];
}

const ROLES = 4;
const PER_ROUTE = 'times four roles';

/** By the name that stands in the document. */
const COUNTERS: Readonly<Record<string, Counter>> = {
  'bad inputs': {
    least: 60,
    tables: [
      ['security/relay/bad-requests', '*'],
      ['security/relay/raw-http', '*'],
    ],
  },
  [`routes ${PER_ROUTE}`]: { least: 4 * 39, tables: [] },
  'forged tokens': { least: 24, tables: [['unit/relay/tokens', '%s']] },
  'frames and sockets': {
    least: 40,
    tables: [
      ['security/relay/bad-frames', '*'],
      ['integration/relay/sockets', 'no socket at %s'],
    ],
  },
  uploads: { least: 10, tables: [['integration/relay/hostile-uploads', '*']] },
  limits: { least: 40, tables: [['security/relay/every-limit', 'HELD']] },
  'arguments of a hostile page': { least: 40, tables: [['security/main/hostile-page', 'HOSTILE']] },
  'frames that are not ours': { least: 6, tables: [['security/main/hostile-page', 'unknownChats']] },
  'deep links': { least: 20, tables: [['unit/main/lib/deep-link', '*']] },
  'addresses for other programs': { least: 80, tables: [['security/main/external-urls', 'REFUSED']] },
  'origins that ask for permissions': { least: 12, tables: [['security/main/permissions', 'ORIGINS']] },
  'navigations and windows': { least: 30, tables: [['security/main/navigation', 'ELSEWHERE']] },
  'places of updates that attack': { least: 20, tables: [['integration/main-shell/updates', 'FEEDS', 'PROGRAMS']] },
  'stored rows': { least: 60, tables: [['security/main/stored-rows', 'ROWS']] },
  'static rules': { least: 30, tables: [['unit/scripts/static-rules', 'BREACHES']] },
};

function elementsOf(node: ts.Expression): number | null {
  if (ts.isAsExpression(node) || ts.isSatisfiesExpression(node)) return elementsOf(node.expression);
  if (ts.isObjectLiteralExpression(node)) return node.properties.length;
  if (!ts.isArrayLiteralExpression(node)) return null;
  let count = 0;
  for (const element of node.elements) {
    // `...['a', 'b']`: rows that share a line.
    count += ts.isSpreadElement(element) ? (elementsOf(element.expression) ?? 0) : 1;
  }
  return count;
}

/** `test.each<...>(table)(name, ...)`. */
function eachOf(node: ts.Node): { table: ts.Expression; title: string } | null {
  if (!ts.isCallExpression(node) || !ts.isCallExpression(node.expression)) return null;
  const { expression, arguments: given } = node.expression;
  const [table] = given;
  const [title] = node.arguments;
  if (!table || !title || !ts.isPropertyAccessExpression(expression) || expression.name.text !== 'each') return null;
  return { table, title: ts.isStringLiteralLike(title) ? title.text : '' };
}

/** Rows of a file's tables: all that `each` is given, those of one title, or those of a constant. */
function rowsOf(file: string, names: readonly string[]): number {
  const path = join(ROOT, 'tests', `${file}.test.ts`);
  const source = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true);
  const constants = new Map<string, number>();
  const given: { title: string; table: ts.Expression }[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isVariableDeclaration(node) && ts.isIdentifier(node.name) && node.initializer) {
      const count = elementsOf(node.initializer);
      if (count !== null) constants.set(node.name.text, count);
    }
    const each = eachOf(node);
    if (each) given.push(each);
    ts.forEachChild(node, visit);
  };
  visit(source);
  const inTable = (table: ts.Expression): number =>
    elementsOf(table) ?? (ts.isIdentifier(table) ? (constants.get(table.text) ?? 0) : 0);
  let total = 0;
  for (const name of names) {
    const tables = given.filter(({ title }) => name === '*' || title === name);
    const found = constants.get(name) ?? tables.reduce((sum, { table }) => sum + inTable(table), 0);
    if (found === 0) throw new Error(`${file} has no table ${name}`);
    total += found;
  }
  return total;
}

const counted = ({ tables }: Counter): number =>
  tables.length === 0
    ? ROUTE_NAMES.length * ROLES
    : tables.reduce((sum, [file, ...names]) => sum + rowsOf(file, names), 0);

/** The rows of the document's table of counters: name, rows, command. */
const written = new Map(
  [
    ...(readFileSync(join(ROOT, 'docs/SECURITY-TESTS.md'), 'utf8')
      .split('## What is counted')[1]
      ?.split('\n## ')[0]
      ?.matchAll(/^\| ([^|]+?) +\| +(\d+) +\| ([^|]+?) +\|/gm) ?? []),
  ].map(([, name = '', rows, files = '']) => [name, { rows: Number(rows), files }] as const),
);

describe('the counters of docs/SECURITY-TESTS.md', () => {
  it('are exactly those that are counted here', () => {
    expect([...written.keys()].sort()).toEqual(Object.keys(COUNTERS).sort());
  });

  it.each(Object.entries(COUNTERS))('%s: as many as are written there, and as were promised', (name, counter) => {
    const rows = written.get(name)?.rows ?? 0;
    expect(rows, 'what is written').toBeGreaterThanOrEqual(counter.least);
    expect(counted(counter), 'what there is').toBeGreaterThanOrEqual(rows);
  });

  it.each([...written])('%s: names the files that it is counted in', (name, { files }) => {
    const named = [...files.matchAll(/`([\w/-]+)`/g)].map(([, file = '']) => file);
    expect(named.length).toBeGreaterThan(0);
    for (const file of named) expect(existsSync(join(ROOT, 'tests', `${file}.test.ts`)), file).toBe(true);
    expect(named).toEqual(expect.arrayContaining((COUNTERS[name]?.tables ?? []).map(([file]) => file)));
  });
});
