import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createLeases } from '../../../relay/services/leases.ts';
import type { Leases } from '../../../relay/services/ports.ts';

let leases: Leases<string>;
let expired: string[];
beforeEach(() => {
  vi.useFakeTimers();
  leases = createLeases(1000);
  expired = [];
  leases.onExpire((value) => expired.push(value));
});
afterEach(() => void vi.useRealTimers());

describe('a lease', () => {
  it('ends after its time, once, with its last value', async () => {
    await leases.hold('a', 'x', 'first');
    vi.advanceTimersByTime(999);
    await leases.hold('a', 'x', 'second');
    vi.advanceTimersByTime(999);
    expect(expired).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(expired).toEqual(['second']);
    expect(await leases.release('a')).toBeNull();
    vi.advanceTimersByTime(10_000);
    expect(expired).toHaveLength(1);
  });

  it('that was released does not expire, and is released once', async () => {
    await leases.hold('a', 'x', 'value');
    expect(await Promise.all([leases.release('a'), leases.release('a')])).toEqual(['value', null]);
    vi.advanceTimersByTime(10_000);
    expect(expired).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('belongs to the holder that renewed it last', async () => {
    await leases.hold('a', 'x', 'a of x');
    await leases.hold('b', 'x', 'b of x');
    await leases.hold('a', 'y', 'a of y');
    expect(await leases.releaseOf('x')).toEqual(['b of x']);
    expect(await leases.releaseOf('x')).toEqual([]);
    expect(await leases.held(['a', 'b'])).toEqual(new Set(['a']));
    expect(await leases.releaseOf('y')).toEqual(['a of y']);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is held until it ends, however it ends', async () => {
    for (const key of ['a', 'b', 'c']) await leases.hold(key, key, key);
    await leases.release('a');
    await leases.releaseOf('b');
    expect(await leases.held(['a', 'b', 'c', 'd'])).toEqual(new Set(['c']));
    vi.advanceTimersByTime(1000);
    expect(await leases.held(['c'])).toEqual(new Set());
  });

  it('is neither held nor expires once all is over', async () => {
    await leases.hold('a', 'x', 'value');
    leases.close();
    await leases.hold('b', 'x', 'value');
    expect([await leases.held(['a', 'b']), vi.getTimerCount()]).toEqual([new Set(), 0]);
    vi.advanceTimersByTime(10_000);
    expect(expired).toEqual([]);
  });
});

it('whoever no longer listens is not told', async () => {
  const told: string[] = [];
  const undo = leases.onExpire((value) => told.push(value));
  undo();
  await leases.hold('a', 'x', 'value');
  vi.advanceTimersByTime(1000);
  expect([told, expired]).toEqual([[], ['value']]);
});
