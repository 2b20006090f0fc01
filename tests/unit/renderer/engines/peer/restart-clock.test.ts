/** When a connection is mended, built anew and given up. */
import { describe, expect, test } from 'vitest';
import {
  NEW_CLOCK,
  stepClock,
  type RestartAct,
  type RestartClock,
  type RestartEvent,
} from '../../../../../renderer/src/engines/peer/restart-clock.ts';

/** Plays events at their seconds with a tick every half second between them; answers what was done and when. */
function play(events: readonly [second: number, event: RestartEvent][], until: number): [number, RestartAct][] {
  let clock: RestartClock = NEW_CLOCK;
  const acts: [number, RestartAct][] = [];
  for (let second = 0; second <= until; second += 0.5) {
    const due = events.filter(([at]) => at === second).map(([, event]) => event);
    for (const event of [...due, 'tick' as const]) {
      const [next, now] = stepClock(clock, event, second * 1000);
      clock = next;
      acts.push(...now.map((act): [number, RestartAct] => [second, act]));
    }
  }
  return acts;
}

describe('a connection that never comes about', () => {
  test('waits as long as nobody has accepted', () => {
    expect(
      play(
        [
          [5, 'failed'],
          [6, 'network'],
        ],
        200,
      ),
    ).toEqual([]);
  });

  test('is said to have no route after 10 s, is built anew after 30 s, and ends after 60 s', () => {
    const acts = play([[0, 'accepted']], 90);
    expect(acts[0]).toEqual([10, 'no_route']);
    expect(acts.filter(([, act]) => act === 'no_route')).toHaveLength(1);
    expect(acts.filter(([, act]) => act === 'rebuild')).toEqual([[30, 'rebuild']]);
    expect(acts.at(-1)).toEqual([60, 'end']);
    expect(acts.filter(([, act]) => act === 'restart').map(([at]) => at)).toEqual([10, 15, 20, 25, 35, 40, 45, 50, 55]);
  });

  test('is mended at once when the browser says that it failed', () => {
    expect(
      play(
        [
          [0, 'accepted'],
          [2, 'failed'],
        ],
        4,
      ),
    ).toEqual([[2, 'restart']]);
  });
});

describe('a connection that breaks', () => {
  const up: [number, RestartEvent][] = [
    [0, 'accepted'],
    [1, 'connected'],
  ];

  test('mends itself within 3 s without a restart', () => {
    expect(play([...up, [10, 'disconnected'], [13, 'connected']], 30)).toEqual([]);
  });

  test('is restarted after more than 3 s, and every 5 s from then on', () => {
    expect(play([...up, [10, 'disconnected'], [24, 'connected']], 40)).toEqual([
      [13.5, 'restart'],
      [18.5, 'restart'],
      [23.5, 'restart'],
    ]);
  });

  test('is restarted at once on failed, but not twice within 5 s', () => {
    expect(play([...up, [10, 'disconnected'], [14, 'failed']], 17)).toEqual([[13.5, 'restart']]);
    expect(play([...up, [10, 'failed']], 12)).toEqual([[10, 'restart']]);
  });

  test('is restarted when the network comes back, also while it seems to run', () => {
    expect(play([...up, [10, 'network'], [12, 'network'], [15, 'network']], 20)).toEqual([
      [10, 'restart'],
      [15, 'restart'],
    ]);
  });

  test('is given up a minute after it broke, and never comes back', () => {
    const acts = play([...up, [10, 'disconnected'], [80, 'connected'], [81, 'failed']], 120);
    expect(acts.filter(([, act]) => act === 'end')).toEqual([[70, 'end']]);
    expect(acts.at(-1)).toEqual([70, 'end']);
  });

  test('counts anew after it was connected again', () => {
    const acts = play([...up, [10, 'disconnected'], [50, 'connected'], [60, 'disconnected'], [100, 'connected']], 110);
    expect(acts.filter(([, act]) => act === 'rebuild').map(([at]) => at)).toEqual([40, 90]);
    expect(acts.some(([, act]) => act === 'end')).toBe(false);
  });
});
