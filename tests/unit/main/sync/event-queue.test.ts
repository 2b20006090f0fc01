import { describe, expect, it } from 'vitest';
import type { StoredFrame } from '../../../../electron/main/services/store/ops/event-operations.ts';
import { EventQueue, MOST_WAITING, MOST_WAITING_CHARS } from '../../../../electron/main/services/sync/event-queue.ts';
import { message } from '../store/open-store.ts';

const frame = (seq: number): StoredFrame => ({ type: 'message:new', data: message(seq), seq });
/** A line whose gate holds what it is told to. */
function line(...held: StoredFrame[]) {
  const atGate: StoredFrame[] = [];
  const made = new EventQueue({
    holds: (one) => held.includes(one) && atGate.push(one) > 0,
    lowestHeld: () => (atGate.length > 0 ? 11 : null),
    clear: () => void atGate.splice(0),
  });
  made.startAfter(10);
  return { made, release: () => made.putBack(atGate.splice(0)) };
}

describe('events that wait', () => {
  it('are taken up to a gap, each once', () => {
    const { made } = line();
    for (const seq of [9, 11, 12, 12, 20, 21]) expect(made.add(frame(seq), 1)).toBe(true);
    expect(made.take(500)).toMatchObject({ frames: [{ seq: 11 }, { seq: 12 }], seq: 12, gap: 20 });
    made.startAfter(19);
    expect(made.take(1)).toMatchObject({ frames: [{ seq: 20 }], seq: 20, gap: null });
  });

  it('and were held at the gate are taken when it lets them go, though their numbers have been passed', () => {
    const own = frame(11);
    const { made, release } = line(own);
    made.add(own, 1);
    made.add(frame(12), 1);
    expect(made.take(500)).toMatchObject({ frames: [{ seq: 12 }], seq: 10 });
    release();
    expect(made.take(500)).toMatchObject({ frames: [own], seq: 12, gap: null });
    expect(made.length).toBe(0);
  });

  it('are bounded in number and in size, those at the gate included', () => {
    const own = frame(11);
    const { made } = line(own);
    made.add(own, MOST_WAITING_CHARS - 5);
    made.take(500);
    expect([made.add(frame(12), 6), made.add(frame(12), 5)]).toEqual([false, true]);
    made.clear();
    for (let n = 0; n < MOST_WAITING; n += 1) made.add(frame(11 + n), 1);
    expect(made.add(frame(1), 1)).toBe(false);
    while (made.take(5000).frames.length > 0);
    expect(made.add(frame(1), MOST_WAITING_CHARS)).toBe(true);
  });
});
