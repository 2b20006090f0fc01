import fc from 'fast-check';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import type { MessagePosition } from '../../../../contract/model/message-order.ts';
import { migrate } from '../../../../electron/main/services/store/database.ts';
import {
  joinRanges,
  newestRange,
  proveRange,
  rangeAt,
  touches,
  type Range,
} from '../../../../electron/main/services/store/ranges.ts';
import { Sql } from '../../../../electron/main/services/store/sql.ts';

const at = (time: number): MessagePosition => ({ at: time, tie: `m${time}` });
const range = (from: number, to: number, starts = false): Range => ({ from: at(from), to: at(to), starts });

describe('joinRanges', () => {
  const cases: [string, Range[], Range, Range, number][] = [
    ['stands alone', [range(1, 3)], range(5, 7), range(5, 7), 0],
    ['joins what shares one message', [range(1, 5)], range(5, 7), range(1, 7), 1],
    ['joins what it lies in', [range(1, 9)], range(4, 5), range(1, 9), 1],
    ['joins what lies in it', [range(4, 5)], range(1, 9), range(1, 9), 1],
    ['bridges two', [range(1, 3), range(6, 9)], range(3, 6), range(1, 9), 2],
    ['keeps the start of the earliest', [range(1, 3, true)], range(3, 6), range(1, 6, true), 1],
    ['gains a start', [range(3, 6)], range(1, 3, true), range(1, 6, true), 1],
    ['loses a start that was none', [range(3, 6, true)], range(1, 4), range(1, 6), 1],
    ['learns the start at the same place', [range(1, 6)], range(1, 2, true), range(1, 6, true), 1],
  ];
  it.each(cases)('%s', (_name, ranges, added, joined, absorbed) => {
    expect(joinRanges(ranges, added)).toMatchObject({ joined, absorbed: { length: absorbed } });
  });
});

describe('stored ranges', () => {
  it('stay apart, and cover exactly what was proven, in any order of proofs', () => {
    const interval = fc
      .tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 12 }))
      .map(([from, length]) => range(from, from + length));
    fc.assert(
      fc.property(fc.array(interval, { minLength: 1, maxLength: 25 }), (added) => {
        const sql = new Sql(new DatabaseSync(':memory:'));
        try {
          migrate(sql);
          for (const one of added) proveRange(sql, 'c', one);
          // The model: positions n and n+1 are joined when some proof holds both.
          for (let n = 0; n < 75; n += 1) {
            const covered = added.some((one) => one.from.at <= n && n <= one.to.at);
            const found = rangeAt(sql, 'c', at(n));
            if (covered !== (found !== null)) return false;
            if (!found) continue;
            const joined = added.some((one) => one.from.at <= n && n + 1 <= one.to.at);
            const next = rangeAt(sql, 'c', at(n + 1));
            if (joined && next?.from.at !== found.from.at) return false;
          }
          const rows = sql.all<{ from_at: number; from_tie: string; to_at: number; to_tie: string }>(
            'SELECT * FROM ranges ORDER BY from_at',
          );
          const stored = rows.map((row): Range => ({
            from: { at: row.from_at, tie: row.from_tie },
            to: { at: row.to_at, tie: row.to_tie },
            starts: false,
          }));
          const apart = stored.every((one, n) => stored.every((other, m) => n === m || !touches(one, other)));
          return apart && newestRange(sql, 'c')?.to.at === Math.max(...stored.map((one) => one.to.at));
        } finally {
          sql.close();
        }
      }),
      { numRuns: 60 },
    );
  });
});
