import { describe, expect, it } from 'vitest';
import { SendAgain } from '../../../../electron/main/services/calls/send-again.ts';
import { ManualClock } from '../../../helpers/main-parts.ts';

function world(kept: number) {
  const clock = new ManualClock();
  const sent: string[] = [];
  const again = new SendAgain(clock, (from, count) => {
    sent.push(`${String(from)}-${String(Math.min(from + count, kept))}`);
    return kept > from + count;
  });
  return { clock, sent, again };
}

describe('what was refused', () => {
  it('goes again in slices, a second between two, to its end and no further', () => {
    const { clock, sent, again } = world(25);
    again.refused(0);
    clock.advance(999);
    expect(sent).toEqual([]);
    clock.advance(1);
    expect(sent).toEqual(['0-10']);
    clock.advance(1_000);
    expect(sent).toEqual(['0-10', '10-20']);
    clock.advance(60_000);
    expect(sent).toEqual(['0-10', '10-20', '20-25']);
  });

  it('begins anew, later, when one of a slice was refused as well', () => {
    const { clock, sent, again } = world(25);
    again.refused(0);
    clock.advance(2_000);
    again.refused(300);
    clock.advance(1_000);
    // Twice the first wait.
    clock.advance(1_999);
    expect(sent).toEqual(['0-10', '10-20']);
    clock.advance(1);
    expect(sent).toEqual(['0-10', '10-20', '0-10']);
    clock.advance(60_000);
    expect(sent.slice(3)).toEqual(['10-20', '20-25']);
  });

  it('waits at most eight seconds of its own, and as long as the server says', () => {
    const { clock, sent, again } = world(1);
    for (const wait of [1_000, 2_000, 4_000, 8_000, 8_000]) {
      again.refused(0);
      const before = sent.length;
      clock.advance(wait - 1);
      expect(sent).toHaveLength(before);
      clock.advance(1);
      expect(sent).toHaveLength(before + 1);
      clock.advance(1_000);
    }
    again.refused(500);
    again.refused(30_000);
    again.refused(100);
    const before = sent.length;
    clock.advance(7_999);
    expect(sent).toHaveLength(before);
    clock.advance(60_000);
    expect(sent).toHaveLength(before + 1);
  });

  it('stays unsent once it is stopped', () => {
    const { clock, sent, again } = world(25);
    again.refused(0);
    clock.advance(1_000);
    again.refused(0);
    again.stop();
    clock.advance(60_000);
    expect(sent).toEqual(['0-10']);
  });
});
