import { describe, expect, it } from 'vitest';
import { createTransferMeter } from '../../../../electron/main/services/api/transfer-progress.ts';
import { ManualClock } from '../../../helpers/main-parts.ts';

describe('the progress of a transfer', () => {
  it('is told at once, at most 10 times a second, and in the end', () => {
    const clock = new ManualClock();
    const told: number[] = [];
    const meter = createTransferMeter(clock, (bytes) => told.push(bytes));
    meter.moved(1);
    expect(told).toEqual([1]);
    // A piece each millisecond, for a second.
    for (let ms = 1; ms <= 1000; ms++) {
      clock.advance(1);
      meter.moved(1);
    }
    expect(told).toHaveLength(11);
    expect(told.at(-1)).toBe(1000);
    clock.advance(50);
    meter.moved(5);
    expect(told).toHaveLength(11);
    meter.end();
    expect(told.at(-1)).toBe(1006);
    meter.end();
    expect(told).toHaveLength(12);
  });

  it('that stalls is told as far as it has come, until nobody listens', () => {
    const clock = new ManualClock();
    const told: number[] = [];
    const meter = createTransferMeter(clock, (bytes) => told.push(bytes));
    meter.moved(1);
    meter.moved(10);
    meter.moved(100);
    expect(told).toEqual([1]);
    clock.advance(99);
    expect(told).toEqual([1]);
    clock.advance(1);
    expect(told).toEqual([1, 111]);
    meter.moved(1);
    meter.stop();
    clock.advance(1000);
    expect(told).toEqual([1, 111]);
  });

  it('is told of nothing, too', () => {
    const told: number[] = [];
    createTransferMeter(new ManualClock(), (bytes) => told.push(bytes)).end();
    expect(told).toEqual([0]);
  });
});
