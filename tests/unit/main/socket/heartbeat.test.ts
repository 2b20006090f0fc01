import { describe, expect, it } from 'vitest';
import { startHeartbeat } from '../../../../electron/main/services/socket/heartbeat.ts';
import { ManualClock } from '../../../helpers/main-parts.ts';

function watched() {
  const clock = new ManualClock();
  const seen = { pings: 0, dead: 0 };
  const beat = startHeartbeat(
    clock,
    () => seen.pings++,
    () => seen.dead++,
  );
  return { clock, seen, beat };
}

describe('the heartbeat', () => {
  it('asks after 15 s and gives up 20 s after the last sign of life', () => {
    const { clock, seen } = watched();
    clock.advance(14_900);
    expect(seen).toEqual({ pings: 0, dead: 0 });
    clock.advance(100);
    expect(seen).toEqual({ pings: 1, dead: 0 });
    clock.advance(4_900);
    expect(seen).toEqual({ pings: 1, dead: 0 });
    clock.advance(100);
    expect(seen).toEqual({ pings: 1, dead: 1 });
    clock.advance(100_000);
    expect(seen).toEqual({ pings: 1, dead: 1 });
    expect(clock.pending).toBe(0);
  });

  it('goes on as long as it is answered', () => {
    const { clock, seen, beat } = watched();
    for (let round = 0; round < 20; round++) {
      clock.advance(15_000);
      clock.advance(40);
      beat.heard();
    }
    expect(seen).toEqual({ pings: 20, dead: 0 });
  });

  it('does not ask while frames come, and is not set anew by each of them', () => {
    const { clock, seen, beat } = watched();
    for (let second = 0; second < 60; second++) {
      clock.advance(1_000);
      beat.heard();
      expect(clock.pending).toBe(1);
    }
    expect(seen.pings).toBe(0);
    clock.advance(20_000);
    expect(seen).toEqual({ pings: 1, dead: 1 });
  });

  it('asks at once when it is told to, one question at a time', () => {
    const { clock, seen, beat } = watched();
    beat.ask();
    beat.ask();
    expect(seen.pings).toBe(1);
    clock.advance(5_000);
    expect(seen.dead).toBe(1);
  });

  it('leaves no timer behind when it is stopped', () => {
    const { clock, seen, beat } = watched();
    beat.stop();
    clock.advance(100_000);
    beat.heard();
    beat.ask();
    expect(seen).toEqual({ pings: 0, dead: 0 });
    expect(clock.pending).toBe(0);
  });
});
