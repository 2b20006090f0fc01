import { describe, expect, test } from 'vitest';
import { createRateLimiter } from '../../../relay/services/rate-limiter.ts';
import { DEFAULT_LIMITS } from '../../../relay/limits.ts';
import { createBudgets, tooMany } from '../../../relay/services/budgets.ts';
import { createTokenBuckets } from '../../../relay/services/token-bucket.ts';

describe('attempts', () => {
  test('let `max` through and say how long to wait for the next', () => {
    let now = 1000;
    const attempts = createRateLimiter(3, 60_000, () => now);
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
    const attempts = createRateLimiter(1, 1000, () => now);
    attempts.take('a');
    for (now = 100; now < 1000; now += 100) expect(attempts.take('a')).toBe(1000 - now);
    expect(attempts.take('a')).toBe(0);
  });

  test('forgive forgets all, giveBack the newest', () => {
    const attempts = createRateLimiter(2, 1000, () => 0);
    attempts.take('a');
    attempts.take('a');
    attempts.giveBack('a');
    expect(attempts.take('a')).toBe(0);
    expect(attempts.take('a')).toBe(1000);
    attempts.forgive('a');
    expect([attempts.take('a'), attempts.take('a')]).toEqual([0, 0]);
  });

  test('invented keys fill no memory: the oldest are forgotten, one in use is not', () => {
    const attempts = createRateLimiter(1, 1000, () => 0);
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

describe('attempts of many', () => {
  test('are kept for twenty thousand, in the order of last use', () => {
    const attempts = createRateLimiter(1, 1000, () => 0);
    for (let index = 0; index < 20_000; index += 1) attempts.take(`x${index}`);
    expect(attempts.take('x0'), 'still counted, and used last now').toBe(1000);
    attempts.take('one more');
    expect(attempts.take('x1'), 'the longest unused').toBe(0);
    expect(attempts.take('x0')).toBe(1000);
  });
});

describe('token buckets', () => {
  test('a burst, then the steady rate, each key for itself', () => {
    let now = 0;
    const buckets = createTokenBuckets({ perSecond: 20, burst: 60, now: () => now });
    const taken = (key = 'a') => {
      let count = 0;
      while (buckets.take(key) === 0) count += 1;
      return count;
    };
    expect([taken(), taken('b')]).toEqual([60, 60]);
    expect([buckets.wait('a'), buckets.wait('a', 20)]).toEqual([50, 1000]);
    now += 49;
    expect(buckets.take('a'), 'refusals do not make the wait grow').toBe(1);
    now += 951;
    expect(taken()).toBe(20);
    now += 50;
    expect(taken()).toBe(1);
    now += 3_600_000;
    expect(taken(), 'never more than the burst').toBe(60);
  });

  test('an amount at what is there, one past it, and more than a bucket can ever hold', () => {
    const buckets = createTokenBuckets({ perSecond: 1, burst: 10, now: () => 0 });
    expect([buckets.take('a', 10), buckets.take('b', 9), buckets.take('b', 2)]).toEqual([0, 0, 1000]);
    expect([buckets.take('c', 1_000_000), buckets.take('c')]).toEqual([0, 1000]);
  });

  test('a clock that goes back gives nothing', () => {
    let now = 10_000;
    const buckets = createTokenBuckets({ perSecond: 1, burst: 1, now: () => now });
    expect(buckets.take('a')).toBe(0);
    now = 0;
    expect(buckets.take('a')).toBe(1000);
    now = 1000;
    expect(buckets.take('a')).toBe(0);
  });

  test('invented keys fill no memory: the longest unused is forgotten, one in use is not', () => {
    const buckets = createTokenBuckets({ perSecond: 0.001, burst: 1, now: () => 0, maxKeys: 100 });
    buckets.take('first');
    buckets.take('kept');
    for (let index = 0; index < 1000; index += 1) {
      buckets.take(`x${index}`);
      if (index % 50 === 0) buckets.take('kept');
    }
    expect(buckets.take('first')).toBe(0);
    expect(buckets.take('kept')).toBe(1_000_000);
  });
});

describe('budgets', () => {
  const limits = {
    ...DEFAULT_LIMITS,
    addressRequestsPerSecond: 1,
    addressRequestsBurst: 8,
    sendsPerSecond: 1,
    sendsBurst: 3,
    sendBytesPerSecond: 1000,
    sendBytesBurst: 1000,
    framesPerSecond: 1,
    framesBurst: 3,
  };
  const refused = (wait: number) => expect.objectContaining({ code: 'rate_limited', retryAfterMs: wait }) as Error;

  test('what one of two limits refuses costs the other nothing', () => {
    let now = 0;
    const budgets = createBudgets(limits, () => now);
    budgets.write('a', 1000);
    for (let index = 0; index < 10; index += 1) expect(() => budgets.write('a', 500)).toThrow(refused(500));
    now = 500;
    budgets.write('a', 500);
    budgets.write('a');
    expect(() => budgets.write('a')).toThrow(refused(500));
    budgets.write('b');
  });

  test('frames: served, refused with the wait, and as many refusals later a flood', () => {
    const budgets = createBudgets(limits, () => 0);
    const kinds = Array.from({ length: 8 }, () => budgets.frame('a', 'here').kind);
    expect(kinds).toEqual([...Array<string>(3).fill('served'), ...Array<string>(3).fill('refused'), 'flood', 'flood']);
    expect(budgets.frame('a', 'elsewhere')).toEqual({ kind: 'flood', error: refused(1000) });
  });

  test('a request costs what it asks of the node, and pings have an account of their own', () => {
    const budgets = createBudgets({ ...limits, requestsPerSecond: 1, requestsBurst: 10 }, () => 0);
    budgets.request('a', 6);
    budgets.request('a', 4);
    expect(() => budgets.request('a', 1)).toThrow(refused(1000));
    budgets.request('b', 10);
    expect(Array.from({ length: 4 }, () => budgets.ping('a'))).toEqual([true, true, true, false]);
    expect(budgets.frame('a', 'here')).toEqual({ kind: 'served' });
  });

  test('the wait that is told is a day at most', () => {
    expect(tooMany('', 86_400_000)).toMatchObject({ code: 'rate_limited', retryAfterMs: 86_400_000 });
    expect(tooMany('', 86_400_001)).toMatchObject({ retryAfterMs: 86_400_000 });
    expect(tooMany('', 5)).toMatchObject({ retryAfterMs: 5 });
  });

  test('an address that is used up refuses its people’s frames and floods nobody out', () => {
    const budgets = createBudgets(limits, () => 0);
    for (let index = 0; index < 8; index += 1) budgets.fromAddress('here');
    expect(() => budgets.fromAddress('here')).toThrow(refused(1000));
    expect(budgets.frame('a', 'here')).toEqual({ kind: 'refused', error: refused(1000) });
    expect(budgets.frame('a', 'elsewhere').kind).toBe('served');
  });
});
