import { describe, expect, test } from 'vitest';
import { createTransferRate } from '../../../../renderer/src/composables/transfer-rate.ts';

describe('transfer rate', () => {
  test('nothing is said in the first second; then it follows a steady pace', () => {
    const rate = createTransferRate();
    rate.note(0, 5_000);
    rate.note(500, 5_500);
    expect(rate.left(1_000)).toBeNull();
    for (let at = 1_000; at <= 5_000; at += 500) rate.note(at, 5_000 + at);
    expect(rate.left(2_000)).toBeCloseTo(2, 5);
    expect(rate.left(0)).toBe(0);
  });

  test('it forgets a pace that has changed', () => {
    const rate = createTransferRate();
    for (let at = 0; at <= 5_000; at += 500) rate.note(at * 10, at);
    for (let at = 500; at <= 30_000; at += 500) rate.note(50_000 + at, 5_000 + at);
    expect(rate.left(1_000)).toBeGreaterThan(0.95);
    expect(rate.left(1_000)).toBeLessThan(1.05);
  });

  test('a standstill from the begin has no end', () => {
    const rate = createTransferRate();
    for (let at = 0; at <= 5_000; at += 500) rate.note(0, at);
    expect(rate.left(1_000)).toBeNull();
  });

  test('a transfer that starts over is measured anew', () => {
    const rate = createTransferRate();
    for (let at = 0; at <= 5_000; at += 500) rate.note(at, at);
    rate.note(0, 5_500);
    expect(rate.left(1_000)).toBeNull();
  });

  test('two measurements at the same moment say nothing', () => {
    const rate = createTransferRate();
    rate.note(0, 0);
    rate.note(100, 0);
    rate.note(2_000, 2_000);
    expect(rate.left(1_000)).toBeCloseTo(1, 5);
  });
});
