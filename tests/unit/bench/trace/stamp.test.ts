import { describe, expect, it } from 'vitest';
import { namePeers, placed, type PlacedStamp, type Stamp } from '../../../bench/trace/stamp.ts';

const stamp = (at: number, port: number | null): Stamp => ({ at, kind: 'frame:out', op: '', words: [], port });

describe('placed', () => {
  it('says whose the stamps are, by the clock of the bench', () => {
    expect(placed('main A', [stamp(100, 1)], 2)).toEqual([{ ...stamp(98, 1), place: 'main A', peer: null }]);
    expect(placed('main A', [stamp(100, 1)])).toMatchObject([{ at: 100 }]);
  });
});

describe('namePeers', () => {
  const stamps: PlacedStamp[] = [
    ...placed('main A', [stamp(1, 41), stamp(2, 42)]),
    ...placed('main B', [stamp(3, 51)]),
    ...placed('node', [stamp(4, 42), stamp(5, 51), stamp(6, 99), stamp(7, null)]),
  ];

  it("knows the node's connections by the ports of the mains", () => {
    const named = namePeers(stamps, ['main A', 'main B']).map(({ place, port, peer }) => [place, port, peer]);
    expect(named).toEqual([
      ['main A', 41, null],
      ['main A', 42, null],
      ['main B', 51, null],
      ['node', 42, 'main A'],
      ['node', 51, 'main B'],
      ['node', 99, null],
      ['node', null, null],
    ]);
  });
});
