import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createHeartbeat } from '../../../relay/ws/heartbeat.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const INTERVAL = 30_000;

it('checks each socket once per interval, at an even distance', () => {
  const heartbeat = createHeartbeat<{ heartbeat(): void }>(INTERVAL);
  const times: number[] = [];
  heartbeat.add({ heartbeat: () => times.push(Date.now()) });
  vi.advanceTimersByTime(INTERVAL * 4);
  expect(times).toHaveLength(4);
  expect(new Set(times.slice(1).map((at, index) => at - (times[index] ?? 0)))).toEqual(new Set([INTERVAL]));
});

it('a herd that came at once is spread over the interval, and nobody is left out', () => {
  const heartbeat = createHeartbeat<{ heartbeat(): void }>(INTERVAL);
  const counts = new Map<number, number>();
  const checked = new Set<number>();
  for (let index = 0; index < 5000; index += 1) {
    heartbeat.add({
      heartbeat() {
        checked.add(index);
        counts.set(Date.now(), (counts.get(Date.now()) ?? 0) + 1);
      },
    });
  }
  vi.advanceTimersByTime(INTERVAL);
  expect(checked.size).toBe(5000);
  expect(Math.max(...counts.values())).toBeLessThanOrEqual(Math.ceil(5000 / 300));
});

it('a socket that was taken out is not checked; without any, nothing is scheduled', () => {
  const heartbeat = createHeartbeat<{ heartbeat(): void }>(1000);
  const checked: string[] = [];
  const add = (name: string) => heartbeat.add({ heartbeat: () => checked.push(name) });
  const [first, second] = [add('first'), add('second')];
  first();
  first();
  vi.advanceTimersByTime(2000);
  expect(checked).toEqual(['second', 'second']);
  second();
  expect(vi.getTimerCount()).toBe(0);
  add('third');
  vi.advanceTimersByTime(1000);
  expect(checked.at(-1)).toBe('third');
  heartbeat.close();
  expect(vi.getTimerCount()).toBe(0);
});

it.each([1, 50, 300])('an interval of %i ms has one check per interval too', (interval) => {
  const heartbeat = createHeartbeat<{ heartbeat(): void }>(interval);
  let count = 0;
  heartbeat.add({ heartbeat: () => (count += 1) });
  vi.advanceTimersByTime(interval * 10);
  expect(count).toBe(10);
});

it('after the end none is scheduled, whoever still comes', () => {
  const heartbeat = createHeartbeat<{ heartbeat(): void }>(1000);
  heartbeat.close();
  heartbeat.add({ heartbeat: () => expect.unreachable('it is over') });
  vi.advanceTimersByTime(10_000);
  expect(vi.getTimerCount()).toBe(0);
});
