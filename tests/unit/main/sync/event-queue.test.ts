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
    expect(made.length).toBe(2);
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

  it('have no order to keep where the server does not count', () => {
    const { made } = line();
    made.startAfter(null);
    for (const seq of [9, 20, 12]) made.add(frame(seq), 1);
    expect(made.take(500)).toMatchObject({ frames: [{ seq: 9 }, { seq: 20 }, { seq: 12 }], seq: null, gap: null });
    expect(made.seq).toBeNull();
  });

  it('and have no number of their own come as they stand among the others', () => {
    const { made } = line();
    const bare: StoredFrame = { type: 'presence', data: { userId: 'u', online: true } };
    const unnumbered: StoredFrame = { type: 'message:new', data: message(5) };
    for (const one of [bare, frame(11), unnumbered, frame(12)]) made.add(one, 1);
    expect(made.take(500)).toEqual({ frames: [bare, frame(11), unnumbered, frame(12)], seq: 12, gap: null });
    expect(made.seq).toBe(12);
  });

  it('are taken so many at a time, those that were given back first', () => {
    const held = [frame(11), frame(12)];
    const { made, release } = line(...held);
    for (const one of held) made.add(one, 1);
    made.take(500);
    release();
    for (const seq of [13, 14, 15]) made.add(frame(seq), 1);
    expect(made.length).toBe(5);
    expect(made.take(1).frames).toEqual([held[0]]);
    expect(made.take(2).frames).toEqual([held[1], frame(13)]);
    expect(made.take(2).frames).toEqual([frame(14), frame(15)]);
    expect(made.length).toBe(0);
  });

  it('are no more once everything was forgotten, at the gate too, and take no room', () => {
    const own = frame(11);
    const { made, release } = line(own);
    made.add(own, 5);
    made.take(500);
    made.add(frame(12), MOST_WAITING_CHARS - 5);
    made.clear();
    release();
    expect([made.length, made.take(500).frames]).toEqual([0, []]);
    const back = line(own);
    back.made.add(own, 1);
    back.made.take(500);
    back.release();
    back.made.clear();
    expect(back.made.length).toBe(0);
    expect(made.add(frame(12), MOST_WAITING_CHARS)).toBe(true);
  });

  it('are forgotten by the gate as well: none of them holds the number back any more', () => {
    const own = frame(11);
    const { made } = line(own);
    made.add(own, 1);
    expect(made.take(500).seq).toBe(10);
    made.clear();
    made.startAfter(20);
    expect(made.take(500).seq).toBe(20);
  });

  it('and were given back take no room once they are taken', () => {
    const own = frame(11);
    const { made, release } = line(own);
    made.add(own, MOST_WAITING_CHARS);
    made.take(500);
    release();
    expect(made.add(frame(12), 1)).toBe(false);
    made.take(500);
    expect(made.add(frame(12), MOST_WAITING_CHARS)).toBe(true);
  });

  it('that the gate had and that were forgotten meanwhile are not taken when it gives them back', () => {
    const own = frame(11);
    const made = new EventQueue({ holds: () => true, lowestHeld: () => 11, clear: () => undefined });
    made.startAfter(10);
    made.add(own, 1);
    made.take(500);
    made.clear();
    made.putBack([own]);
    expect(made.length).toBe(0);
  });

  it('keep to the bounds that are promised', () => {
    expect([MOST_WAITING, MOST_WAITING_CHARS]).toEqual([20_000, 8_388_608]);
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
