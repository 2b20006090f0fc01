import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PushBatch, PushEvent } from '#contract/ipc/push.ts';
import { PushSequence } from '../../../renderer/src/stores/push-sequence.ts';

/** An event that carries its own number. */
const event = (number: number): PushEvent => ({ kind: 'unread', unread: { messages: number, chats: 0 } });
const batch = (first: number, last: number): PushBatch => ({
  seq: last,
  events: Array.from({ length: last - first + 1 }, (_, index) => event(first + index)),
});
const numbers = (events: PushEvent[]) =>
  events.map((one) => ('kind' in one && one.kind === 'unread' ? one.unread.messages : Number.NaN));

describe('PushSequence', () => {
  test('keeps what comes before the snapshot and hands out what lies past it', () => {
    const sequence = new PushSequence();
    expect(sequence.batch(batch(1, 3))).toEqual({ events: [], needSnapshot: false });
    expect(sequence.batch(batch(4, 6))).toEqual({ events: [], needSnapshot: false });
    const verdict = sequence.snapshot(4);
    expect(numbers(verdict.events)).toEqual([5, 6]);
    expect(verdict.needSnapshot).toBe(false);
    expect(sequence.live).toBe(true);
  });

  test.each([
    { name: 'the next batch', first: 11, last: 12, events: [11, 12], needSnapshot: false },
    { name: 'a batch that overlaps', first: 9, last: 12, events: [11, 12], needSnapshot: false },
    { name: 'a batch that was seen', first: 8, last: 10, events: [], needSnapshot: false },
    { name: 'a batch after a gap', first: 12, last: 13, events: [], needSnapshot: true },
  ])('at 10, $name', ({ first, last, events, needSnapshot }) => {
    const sequence = new PushSequence();
    sequence.snapshot(10);
    const verdict = sequence.batch(batch(first, last));
    expect(numbers(verdict.events)).toEqual(events);
    expect(verdict.needSnapshot).toBe(needSnapshot);
    expect(sequence.live).toBe(!needSnapshot);
  });

  test('what comes after a gap waits for the new snapshot', () => {
    const sequence = new PushSequence();
    sequence.snapshot(1);
    sequence.batch(batch(5, 5));
    expect(sequence.batch(batch(6, 7)).needSnapshot).toBe(false);
    expect(numbers(sequence.snapshot(5).events)).toEqual([6, 7]);
  });

  test('a snapshot that is older than a gap asks again', () => {
    const sequence = new PushSequence();
    sequence.batch(batch(5, 6));
    expect(sequence.snapshot(2).needSnapshot).toBe(true);
    expect(numbers(sequence.snapshot(4).events)).toEqual([5, 6]);
  });

  test('whatever is lost, doubled or repeated, each event is applied once and in order', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ size: fc.integer({ min: 1, max: 4 }), fate: fc.constantFrom('come', 'lost', 'twice') })),
        fc.integer({ min: 0, max: 10 }),
        (plan, start) => {
          const sequence = new PushSequence();
          const applied: number[] = [];
          let told = start;
          const take = (verdict: { events: PushEvent[]; needSnapshot: boolean }) => {
            applied.push(...numbers(verdict.events));
            // Main answers with everything it has told so far: what the snapshot holds counts as applied.
            if (verdict.needSnapshot) {
              for (let next = (applied.at(-1) ?? start) + 1; next <= told; next += 1) applied.push(next);
              expect(sequence.snapshot(told).needSnapshot).toBe(false);
            }
          };
          take(sequence.snapshot(start));
          for (const { size, fate } of plan) {
            const next = batch(told + 1, told + size);
            told += size;
            if (fate === 'lost') continue;
            take(sequence.batch(next));
            if (fate === 'twice') take(sequence.batch(next));
          }
          expect(applied).toEqual(applied.map((_, index) => start + 1 + index));
        },
      ),
    );
  });
});
