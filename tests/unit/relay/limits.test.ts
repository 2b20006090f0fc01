import { describe, expect, test } from 'vitest';
import { createAttempts } from '../../../relay/services/attempts.ts';
import { createTokenBucket } from '../../../relay/services/token-bucket.ts';

describe('attempts', () => {
  test('let `max` through and say how long to wait for the next', () => {
    let now = 1000;
    const attempts = createAttempts(3, 60_000, () => now);
    expect([attempts.take('a'), attempts.take('a'), attempts.take('a')]).toEqual([0, 0, 0]);
    expect(attempts.take('a')).toBe(60_000);
    expect(attempts.take('b'), 'another key').toBe(0);
    now += 59_999;
    expect(attempts.take('a')).toBe(1);
    now += 1;
    expect(attempts.take('a'), 'the first has left the window').toBe(0);
  });

  test('refused tries are not counted: the wait does not grow', () => {
    let now = 0;
    const attempts = createAttempts(1, 1000, () => now);
    attempts.take('a');
    for (now = 100; now < 1000; now += 100) expect(attempts.take('a')).toBe(1000 - now);
    expect(attempts.take('a')).toBe(0);
  });

  test('forgive forgets all, giveBack the newest', () => {
    const attempts = createAttempts(2, 1000, () => 0);
    attempts.take('a');
    attempts.take('a');
    attempts.giveBack('a');
    expect(attempts.take('a')).toBe(0);
    expect(attempts.take('a')).toBe(1000);
    attempts.forgive('a');
    expect([attempts.take('a'), attempts.take('a')]).toEqual([0, 0]);
  });

  test('invented keys fill no memory: the oldest are forgotten, one in use is not', () => {
    const attempts = createAttempts(1, 1000, () => 0);
    attempts.take('first');
    attempts.take('kept');
    for (let index = 0; index < 30_000; index += 1) {
      attempts.take(`x${index}`);
      if (index % 1000 === 0) attempts.take('kept');
    }
    expect(attempts.take('first')).toBe(0);
    expect(attempts.take('kept')).toBe(1000);
  });
});

describe('token bucket', () => {
  test('a burst, then the steady rate', () => {
    let now = 0;
    const bucket = createTokenBucket(20, 60, () => now);
    const taken = () => {
      let count = 0;
      while (bucket.take()) count += 1;
      return count;
    };
    expect(taken()).toBe(60);
    now += 1000;
    expect(taken()).toBe(20);
    now += 50;
    expect(taken()).toBe(1);
    now += 3_600_000;
    expect(taken(), 'never more than the burst').toBe(60);
  });

  test('a clock that goes back gives nothing', () => {
    let now = 10_000;
    const bucket = createTokenBucket(1, 1, () => now);
    expect(bucket.take()).toBe(true);
    now = 0;
    expect(bucket.take()).toBe(false);
    now = 1000;
    expect(bucket.take()).toBe(true);
  });
});
