import { beforeEach, describe, expect, it } from 'vitest';
import { watchClock } from '../../../../electron/main/services/sync/clock-watch.ts';
import { ManualClock, recordingLogger } from '../../../helpers/main-parts.ts';

describe('a wall clock that jumps', () => {
  let clock: ManualClock;
  let logger: ReturnType<typeof recordingLogger>;
  let jumps: number;
  let undo: () => void;
  beforeEach(() => {
    clock = new ManualClock();
    logger = recordingLogger();
    jumps = 0;
    undo = watchClock(clock, logger, () => {
      jumps += 1;
    });
  });

  it.each([
    ['forward', 10_000],
    ['back', -10_000],
  ])('%s by ten seconds is seen within half a minute, once', (_way, ms) => {
    clock.advance(1_000);
    clock.set(ms);
    clock.advance(28_999);
    expect(jumps).toBe(0);
    clock.advance(1);
    expect(jumps).toBe(1);
    expect(logger.of('clock.jumped')).toMatchObject([{ fields: { ms } }]);
    clock.advance(600_000);
    expect(jumps).toBe(1);
  });

  it('by a little each time is the network putting it right', () => {
    for (let n = 0; n < 20; n += 1) {
      clock.set(n % 2 === 0 ? 9_999 : -9_999);
      clock.advance(30_000);
    }
    expect(jumps).toBe(0);
  });

  it('again is seen again', () => {
    for (const ms of [3_600_000, -3_600_000]) {
      clock.set(ms);
      clock.advance(30_000);
    }
    expect(jumps).toBe(2);
  });

  it('is not looked for any more after the end', () => {
    clock.advance(90_000);
    undo();
    expect(clock.pending).toBe(0);
  });
});
