import { beforeEach, describe, expect, it } from 'vitest';
import { Schedule } from '../../../../electron/main/services/outbox/schedule.ts';
import { ManualClock } from '../../../helpers/main-parts.ts';

let clock: ManualClock;
let schedule: Schedule;
beforeEach(() => {
  clock = new ManualClock(5_000);
  schedule = new Schedule(clock);
});

describe('a message that was just met', () => {
  it('may go at once, and has been tried for as long as earlier runs say', () => {
    schedule.meet('a', 700, 300);
    expect([schedule.waitOf('a'), schedule.settleOf('a'), schedule.triedFor('a')]).toEqual([0, 300, 700]);
    clock.advance(200);
    expect([schedule.waitOf('a'), schedule.settleOf('a'), schedule.triedFor('a')]).toEqual([0, 100, 900]);
    clock.advance(200);
    expect(schedule.settleOf('a')).toBe(0);
  });

  it('is met once: what is said of it later does not count', () => {
    schedule.meet('a', 0, 0);
    schedule.wait('a', 100);
    clock.advance(50);
    schedule.meet('a', 9_000, 9_000);
    expect([schedule.waitOf('a'), schedule.settleOf('a'), schedule.triedFor('a')]).toEqual([50, 50, 50]);
  });

  it('counts its failures from one, each message its own', () => {
    schedule.meet('a', 0, 0);
    schedule.meet('b', 0, 0);
    expect([schedule.failed('a'), schedule.failed('a'), schedule.failed('b')]).toEqual([1, 2, 1]);
  });
});

describe('a message that nobody has met', () => {
  it('waits for nothing, was never tried and fails for the first time', () => {
    schedule.wait('x', 100);
    schedule.settle('x', 100);
    expect([schedule.waitOf('x'), schedule.settleOf('x'), schedule.triedFor('x')]).toEqual([0, 0, 0]);
    expect([schedule.failed('x'), schedule.failed('x')]).toEqual([1, 1]);
  });
});

describe('waits', () => {
  it('end with their time, and what may still arrive is looked for only after both', () => {
    schedule.meet('a', 0, 0);
    schedule.wait('a', 300);
    schedule.settle('a', 100);
    expect([schedule.waitOf('a'), schedule.settleOf('a')]).toEqual([300, 300]);
    schedule.settle('a', 500);
    expect(schedule.settleOf('a')).toBe(500);
    clock.advance(301);
    expect([schedule.waitOf('a'), schedule.settleOf('a')]).toEqual([0, 199]);
  });

  it('end at once when the network is back, and count from the beginning', () => {
    schedule.meet('a', 0, 0);
    schedule.failed('a');
    schedule.failed('a');
    schedule.wait('a', 300);
    schedule.settle('a', 500);
    schedule.retryNow();
    expect([schedule.waitOf('a'), schedule.settleOf('a'), schedule.failed('a')]).toEqual([0, 500, 1]);
  });

  it('do not look at the wall clock', () => {
    schedule.meet('a', 0, 0);
    schedule.wait('a', 300);
    clock.set(1_000_000);
    expect([schedule.waitOf('a'), schedule.triedFor('a')]).toEqual([300, 0]);
  });
});

describe('quiet that the server asked for', () => {
  it('holds every message back, also one that is met later, and outlasts a hurry and a sign-out', () => {
    schedule.meet('a', 0, 0);
    schedule.quiet(400);
    schedule.retryNow();
    schedule.clear();
    schedule.meet('b', 0, 0);
    expect([schedule.waitOf('a'), schedule.waitOf('b'), schedule.settleOf('b')]).toEqual([400, 400, 400]);
    clock.advance(400);
    expect(schedule.waitOf('b')).toBe(0);
  });

  it('is as long as the longest word', () => {
    schedule.quiet(400);
    schedule.quiet(100);
    expect(schedule.waitOf('a')).toBe(400);
  });
});

describe('forgetting', () => {
  it('of what is not next any more', () => {
    for (const id of ['a', 'b']) {
      schedule.meet(id, 0, 0);
      schedule.wait(id, 100);
    }
    schedule.keepOnly(new Set(['b']));
    expect([schedule.waitOf('a'), schedule.waitOf('b')]).toEqual([0, 100]);
  });

  it('of everything', () => {
    schedule.meet('a', 50, 0);
    schedule.wait('a', 100);
    schedule.clear();
    expect([schedule.waitOf('a'), schedule.triedFor('a')]).toEqual([0, 0]);
  });
});
