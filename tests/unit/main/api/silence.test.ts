import { describe, expect, it, vi } from 'vitest';
import { watchSilence } from '../../../../electron/main/services/api/silence.ts';
import { ManualClock } from '../../../helpers/main-parts.ts';

describe('a transfer that goes quiet', () => {
  it('is told once, not before its time, and is watched no longer', () => {
    const clock = new ManualClock();
    const onSilent = vi.fn();
    watchSilence(
      clock,
      1000,
      () => 0,
      () => false,
      onSilent,
    );
    clock.advance(999);
    expect(onSilent).not.toHaveBeenCalled();
    clock.advance(60_000);
    expect(onSilent).toHaveBeenCalledOnce();
    expect(clock.pending).toBe(0);
  });

  it('may be as slow as it wants while it moves', () => {
    const clock = new ManualClock();
    const onSilent = vi.fn();
    let bytes = 0;
    watchSilence(
      clock,
      1000,
      () => bytes,
      () => false,
      onSilent,
    );
    for (let turn = 0; turn < 50; turn++) {
      clock.advance(900);
      bytes += 1;
    }
    expect(onSilent).not.toHaveBeenCalled();
    clock.advance(1250);
    expect(onSilent).toHaveBeenCalledOnce();
  });

  it('is not blamed for our own waiting, and has all its time after it', () => {
    const clock = new ManualClock();
    const onSilent = vi.fn();
    let excused = true;
    watchSilence(
      clock,
      1000,
      () => 0,
      () => excused,
      onSilent,
    );
    clock.advance(60_000);
    excused = false;
    clock.advance(999);
    expect(onSilent).not.toHaveBeenCalled();
    clock.advance(1);
    expect(onSilent).toHaveBeenCalledOnce();
  });

  it('is watched no longer than wanted', () => {
    const clock = new ManualClock();
    const undo = watchSilence(
      clock,
      1000,
      () => 0,
      () => false,
      () => undefined,
    );
    clock.advance(600);
    undo();
    expect(clock.pending).toBe(0);
  });
});
