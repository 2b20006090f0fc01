import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { watchSilence } from '../../../relay/http/silence.ts';

describe('a connection that goes quiet', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('is told once, and not before its time', () => {
    const onSilent = vi.fn();
    watchSilence(
      1000,
      () => 0,
      () => false,
      onSilent,
    );
    vi.advanceTimersByTime(999);
    expect(onSilent).not.toHaveBeenCalled();
    vi.advanceTimersByTime(10_000);
    expect(onSilent).toHaveBeenCalledOnce();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('may be as slow as it wants while it moves', () => {
    const onSilent = vi.fn();
    let bytes = 0;
    watchSilence(
      1000,
      () => bytes,
      () => false,
      onSilent,
    );
    for (let turn = 0; turn < 50; turn++) {
      vi.advanceTimersByTime(900);
      bytes += 1;
    }
    expect(onSilent).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1250);
    expect(onSilent).toHaveBeenCalledOnce();
  });

  it('is not blamed for our own waiting, and has all its time after it', () => {
    const onSilent = vi.fn();
    let excused = true;
    watchSilence(
      1000,
      () => 0,
      () => excused,
      onSilent,
    );
    vi.advanceTimersByTime(60_000);
    excused = false;
    vi.advanceTimersByTime(999);
    expect(onSilent).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(onSilent).toHaveBeenCalledOnce();
  });

  it('is watched no longer than wanted', () => {
    const onSilent = vi.fn();
    watchSilence(
      1000,
      () => 0,
      () => false,
      onSilent,
    )();
    vi.advanceTimersByTime(60_000);
    expect(onSilent).not.toHaveBeenCalled();
  });
});
