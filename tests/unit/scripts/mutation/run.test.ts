/** The whole of a mutation run on a project of two functions, in a process of its own as always. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { scoreOf, survivorsOf } from '../../../../scripts/lib/mutation/report.ts';
import type { RoomResult } from '../../../../scripts/lib/mutation/run.ts';

const FIXTURES = join(import.meta.dirname, 'fixtures');
const SOURCE = join(FIXTURES, 'fares/fare.ts');
let weak: RoomResult;
let strong: RoomResult;
let before: string;

beforeAll(() => {
  before = readFileSync(SOURCE, 'utf8');
  const { stdout, stderr } = spawnSync(process.execPath, [join(FIXTURES, 'run-fares.ts')], {
    encoding: 'utf8',
    // As from a shell: what this test runs in is nothing that the run should see.
    env: { PATH: process.env['PATH'] ?? '', NODE_NO_WARNINGS: '1' },
  });
  expect(stderr).toBe('');
  [weak, strong] = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as [RoomResult, RoomResult];
}, 60_000);

describe('a mutation run', () => {
  it('tells exactly what weak tests do not find, and what they do not even meet', () => {
    const lines = survivorsOf(weak).map((line) => line.split('    ')[0]);
    expect(lines.filter((line) => !line?.includes('not met'))).toEqual([
      'fare.ts:3:7 [condition] => false',
      'fare.ts:3:7 [boundary] => age <= 6',
      'fare.ts:3:13 [number] => 7',
      'fare.ts:3:13 [number] => 5',
    ]);
    // All of `steps`, and the fare of a child.
    const notMet = weak.tried.filter(({ outcome }) => outcome === 'not met').map(({ line }) => line);
    expect(new Set(notMet)).toEqual(new Set([3, 9, 10, 11, 12]));
  });

  it('finds nothing left behind strong tests, loops without an end among what they find', () => {
    expect(survivorsOf(strong)).toEqual([]);
    expect(scoreOf(strong.tried)).toBe(100);
    const endless = strong.tried.find(({ line, replacement }) => line === 11 && replacement === 'left += 1');
    expect(endless).toMatchObject({ kind: 'arithmetic', outcome: 'killed', by: 'strong.check.ts' });
  });

  it('tries the same mutants in both, and changes no file', () => {
    const named = ({ tried }: RoomResult) =>
      tried.map(({ id, line, column, replacement }) => [id, line, column, replacement]);
    expect(named(weak)).toEqual(named(strong));
    expect(weak.mutants).toBe(weak.tried.length);
    expect(readFileSync(SOURCE, 'utf8')).toBe(before);
  });
});
