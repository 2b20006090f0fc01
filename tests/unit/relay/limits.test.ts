import { describe, expect, test } from 'vitest';
import { createRateLimiter } from '../../../relay/services/rate-limiter.ts';
import { DEFAULT_LIMITS } from '../../../relay/limits.ts';
import { createBudgets, tooMany, type MakeBuckets } from '../../../relay/services/budgets.ts';
import { createTokenBuckets } from '../../../relay/services/token-bucket.ts';

describe('attempts', () => {
  test('let `max` through and say how long to wait for the next', async () => {
    let now = 1000;
    const attempts = createRateLimiter(3, 60_000, () => now);
    expect([await attempts.take('a'), await attempts.take('a'), await attempts.take('a')]).toEqual([0, 0, 0]);
    expect(await attempts.take('a')).toBe(60_000);
    expect(await attempts.take('b'), 'another key').toBe(0);
    now += 59_999;
    expect(await attempts.take('a')).toBe(1);
    now += 1;
    expect(await attempts.take('a'), 'the first has left the window').toBe(0);
  });

  test('refused tries are not counted: the wait does not grow', async () => {
    let now = 0;
    const attempts = createRateLimiter(1, 1000, () => now);
    await attempts.take('a');
    for (now = 100; now < 1000; now += 100) expect(await attempts.take('a')).toBe(1000 - now);
    expect(await attempts.take('a')).toBe(0);
  });

  test('the window slides: at no time do more than `max` pass within its length', async () => {
    let now = 0;
    const attempts = createRateLimiter(2, 1000, () => now);
    now = 900;
    expect([await attempts.take('a'), await attempts.take('a')]).toEqual([0, 0]);
    now = 1001;
    expect(await attempts.take('a')).toBe(899);
  });

  test('forgive forgets all, giveBack the newest', async () => {
    const attempts = createRateLimiter(2, 1000, () => 0);
    await attempts.take('a');
    await attempts.take('a');
    await attempts.giveBack('a');
    expect(await attempts.take('a')).toBe(0);
    expect(await attempts.take('a')).toBe(1000);
    await attempts.forgive('a');
    expect([await attempts.take('a'), await attempts.take('a')]).toEqual([0, 0]);
  });

  test('many at once are no more than many in a row', async () => {
    const attempts = createRateLimiter(3, 1000, () => 0);
    const waits = await Promise.all(Array.from({ length: 5 }, () => attempts.take('a')));
    expect(waits).toEqual([0, 0, 0, 1000, 1000]);
  });

  test('invented keys fill no memory: the oldest are forgotten, one in use is not', async () => {
    const attempts = createRateLimiter(1, 1000, () => 0);
    await attempts.take('first');
    await attempts.take('kept');
    for (let index = 0; index < 30_000; index += 1) {
      await attempts.take(`x${index}`);
      if (index % 1000 === 0) await attempts.take('kept');
    }
    expect(await attempts.take('first')).toBe(0);
    expect(await attempts.take('kept')).toBe(1000);
  });
});

describe('attempts of many', () => {
  test('are kept for twenty thousand, in the order of last use', async () => {
    const attempts = createRateLimiter(1, 1000, () => 0);
    for (let index = 0; index < 20_000; index += 1) await attempts.take(`x${index}`);
    expect(await attempts.take('x0'), 'still counted, and used last now').toBe(1000);
    await attempts.take('one more');
    expect(await attempts.take('x1'), 'the longest unused').toBe(0);
    expect(await attempts.take('x0')).toBe(1000);
  });
});

describe('token buckets', () => {
  test('a burst, then the steady rate, each key for itself', async () => {
    let now = 0;
    const buckets = createTokenBuckets({ perSecond: 20, burst: 60, now: () => now });
    const taken = async (key = 'a') => {
      let count = 0;
      while ((await buckets.take(key)) === 0) count += 1;
      return count;
    };
    expect([await taken(), await taken('b')]).toEqual([60, 60]);
    expect([await buckets.take('a'), await buckets.take('a', 20)]).toEqual([50, 1000]);
    now += 49;
    expect(await buckets.take('a'), 'refusals do not make the wait grow').toBe(1);
    now += 951;
    expect(await taken()).toBe(20);
    now += 50;
    expect(await taken()).toBe(1);
    now += 3_600_000;
    expect(await taken(), 'never more than the burst').toBe(60);
  });

  test('an amount at what is there, one past it, and more than a bucket can ever hold', async () => {
    const buckets = createTokenBuckets({ perSecond: 1, burst: 10, now: () => 0 });
    expect([await buckets.take('a', 10), await buckets.take('b', 9), await buckets.take('b', 2)]).toEqual([0, 0, 1000]);
    expect([await buckets.take('c', 1_000_000), await buckets.take('c')]).toEqual([0, 1000]);
  });

  test('what is given back can be taken again, and never makes more than the burst', async () => {
    const buckets = createTokenBuckets({ perSecond: 1, burst: 10, now: () => 0 });
    await buckets.take('a', 10);
    await buckets.giveBack('a', 4);
    expect([await buckets.take('a', 4), await buckets.take('a')]).toEqual([0, 1000]);
    await buckets.giveBack('a', 1_000_000);
    await buckets.giveBack('a');
    expect([await buckets.take('a', 10), await buckets.take('a')]).toEqual([0, 1000]);
  });

  test('a clock that goes back gives nothing', async () => {
    let now = 10_000;
    const buckets = createTokenBuckets({ perSecond: 1, burst: 1, now: () => now });
    expect(await buckets.take('a')).toBe(0);
    now = 0;
    expect(await buckets.take('a')).toBe(1000);
    now = 1000;
    expect(await buckets.take('a')).toBe(0);
  });

  test('invented keys fill no memory: the longest unused is forgotten, one in use is not', async () => {
    const buckets = createTokenBuckets({ perSecond: 0.001, burst: 1, now: () => 0, maxKeys: 100 });
    await buckets.take('first');
    await buckets.take('kept');
    for (let index = 0; index < 1000; index += 1) {
      await buckets.take(`x${index}`);
      if (index % 50 === 0) await buckets.take('kept');
    }
    expect(await buckets.take('first')).toBe(0);
    expect(await buckets.take('kept')).toBe(1_000_000);
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
  const made =
    (now: () => number): MakeBuckets =>
    (_kind, rate) =>
      createTokenBuckets({ ...rate, now });

  test('what one of two limits refuses costs the other nothing', async () => {
    let now = 0;
    const budgets = createBudgets(
      limits,
      made(() => now),
    );
    await budgets.write('a', 1000);
    for (let index = 0; index < 10; index += 1) await expect(budgets.write('a', 500)).rejects.toEqual(refused(500));
    now = 500;
    await budgets.write('a', 500);
    await budgets.write('a');
    await expect(budgets.write('a', 1000)).rejects.toEqual(refused(1000));
    now = 1500;
    await budgets.write('a', 1000);
    await budgets.write('b');
  });

  test('nor does it the other way round: a refusal by number costs no bytes', async () => {
    let now = 0;
    const budgets = createBudgets(
      { ...limits, sendBytesPerSecond: 1 },
      made(() => now),
    );
    for (let index = 0; index < 3; index += 1) await budgets.write('a');
    for (let index = 0; index < 10; index += 1) await expect(budgets.write('a', 1000)).rejects.toEqual(refused(1000));
    now = 1000;
    await budgets.write('a', 1000);
  });

  test('each kind has buckets of its own, named for a store that keeps them all', () => {
    const kinds: string[] = [];
    createBudgets(limits, (kind, rate) => {
      kinds.push(kind);
      return createTokenBuckets({ ...rate, now: () => 0 });
    });
    expect(new Set(kinds).size).toBe(kinds.length);
  });

  test('frames: served, refused with the wait, and as many refusals later a flood', async () => {
    const budgets = createBudgets(
      limits,
      made(() => 0),
    );
    const kinds: string[] = [];
    for (let index = 0; index < 8; index += 1) kinds.push((await budgets.frame('a', 'here')).kind);
    expect(kinds).toEqual([...Array<string>(3).fill('served'), ...Array<string>(3).fill('refused'), 'flood', 'flood']);
    expect(await budgets.frame('a', 'elsewhere')).toEqual({ kind: 'flood', error: refused(1000) });
  });

  test('a request costs what it asks of the node, and pings have an account of their own', async () => {
    const budgets = createBudgets(
      { ...limits, requestsPerSecond: 1, requestsBurst: 10 },
      made(() => 0),
    );
    await budgets.request('a', 6);
    await budgets.request('a', 4);
    await expect(budgets.request('a', 1)).rejects.toEqual(refused(1000));
    await budgets.request('b', 10);
    const pings = await Promise.all(Array.from({ length: 4 }, () => budgets.ping('a')));
    expect(pings).toEqual([true, true, true, false]);
    expect(await budgets.frame('a', 'here')).toEqual({ kind: 'served' });
  });

  test('the wait that is told is a day at most', () => {
    expect(tooMany('', 86_400_000)).toMatchObject({ code: 'rate_limited', retryAfterMs: 86_400_000 });
    expect(tooMany('', 86_400_001)).toMatchObject({ retryAfterMs: 86_400_000 });
    expect(tooMany('', 5)).toMatchObject({ retryAfterMs: 5 });
  });

  test('an address that is used up refuses its people’s frames and floods nobody out', async () => {
    const budgets = createBudgets(
      limits,
      made(() => 0),
    );
    for (let index = 0; index < 8; index += 1) await budgets.fromAddress('here');
    await expect(budgets.fromAddress('here')).rejects.toEqual(refused(1000));
    expect(await budgets.frame('a', 'here')).toEqual({ kind: 'refused', error: refused(1000) });
    expect((await budgets.frame('a', 'elsewhere')).kind).toBe('served');
  });
});
