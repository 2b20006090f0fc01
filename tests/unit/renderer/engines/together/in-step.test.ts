import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  correct,
  loadedAt,
  NO_COURSE,
  soughtTo,
  type Correction,
  type Course,
} from '../../../../../renderer/src/engines/together/in-step.ts';

/** Played for a while since the start, measured, and known to need 60 ms for a seek. */
const STEADY: Course = { sentAt: 0, sentTo: 0, fresh: false, learns: false, late: 0.06 };
const at = (course: Course, skew: number, now: number): Correction =>
  correct(course, now / 1000 + skew, now / 1000, now)[1];

function expectCorrection(found: Correction, wanted: Correction): void {
  expect(found.kind).toBe(wanted.kind);
  if (found.kind === 'rate' && wanted.kind === 'rate') expect(found.rate).toBeCloseTo(wanted.rate);
  if (found.kind === 'seek' && wanted.kind === 'seek') expect(found.to).toBeCloseTo(wanted.to);
}

describe('a player that has played for a while', () => {
  test.each<[string, number, Correction]>([
    ['nobody hears it', 0.01, { kind: 'rate', rate: 1 }],
    ['a little ahead', 0.02, { kind: 'rate', rate: 0.99 }],
    ['a little behind', -0.02, { kind: 'rate', rate: 1.01 }],
    ['as fast as is hardly heard', -0.4, { kind: 'rate', rate: 1.06 }],
    ['as slow as is hardly heard', 0.4, { kind: 'rate', rate: 0.94 }],
    ['far behind: beyond the place by what a seek takes', -3, { kind: 'seek', to: 10.06 }],
    ['far ahead', 3, { kind: 'seek', to: 10.06 }],
  ])('%s', (_what, skew, expected) => expectCorrection(at(STEADY, skew, 10_000), expected));

  test('far away, but sought a second ago: not again', () => {
    expectCorrection(at({ ...STEADY, sentAt: 9_000, sentTo: 1 }, -3, 10_000), { kind: 'rate', rate: 1.06 });
  });

  test('one that waits for its bytes is sent on, but not all the time', () => {
    const stuck: Course = { ...STEADY, sentAt: 7_600, sentTo: 7.6 };
    expectCorrection(correct(stuck, 7.6, 10, 10_000)[1], { kind: 'none' });
    expectCorrection(correct(stuck, 7.6, 10.2, 10_200)[1], { kind: 'seek', to: 10.26 });
  });
});

describe('a player that has just begun', () => {
  test('tells nothing until it has played for a moment', () => {
    const course = loadedAt(NO_COURSE, 0, 0);
    expectCorrection(correct(course, 0, 1, 1_000)[1], { kind: 'none' });
    expectCorrection(correct(course, 0.2, 0.3, 300)[1], { kind: 'none' });
  });

  test('late by its loading: sought once, and by the speed from then on', () => {
    const [sought, correction] = correct(loadedAt(NO_COURSE, 0, 0), 0.3, 0.6, 600);
    expectCorrection(correction, { kind: 'seek', to: 0.6 });
    // The seek took 150 ms.
    const [after, second] = correct(sought, 0.95, 1.1, 1_100);
    expectCorrection(second, { kind: 'rate', rate: 1.06 });
    expect(after.late).toBeCloseTo(0.15);
    expectCorrection(correct(after, 1.7, 2, 2_000)[1], { kind: 'rate', rate: 1.06 });
  });

  test('nearly right: left to the speed', () => {
    expectCorrection(correct(loadedAt(NO_COURSE, 0, 0), 0.51, 0.6, 600)[1], { kind: 'rate', rate: 1.045 });
  });

  test('how late it is after a seek is learnt from seeks alone, and never beyond reason', () => {
    const slowLoad = correct(loadedAt(NO_COURSE, 0, 0), 0.06, 0.09, 5_000)[0];
    expect(slowLoad.late).toBe(0);
    const slowSeek = correct(soughtTo(NO_COURSE, 0, 10, true), 10.1, 14, 4_000)[0];
    expect(slowSeek.late).toBe(0.3);
    const early = correct(soughtTo({ ...NO_COURSE, late: 0.3 }, 0, 10, true), 10.7, 10.4, 400)[0];
    expect(early.late).toBeCloseTo(0);
  });

  test('paused it is exactly where it was sent', () => {
    expect(soughtTo(STEADY, 0, 10, false)).toMatchObject({ sentTo: 10, learns: false });
    expect(soughtTo(STEADY, 0, 10, true)).toMatchObject({ sentTo: 10.06, learns: true });
    expect(soughtTo(STEADY, 0, -1, true).sentTo).toBe(0);
  });
});

test('from any place it is in step within ten seconds, with two seeks at most', () => {
  const seconds = (min: number, max: number): fc.Arbitrary<number> => fc.double({ min, max, noNaN: true });
  fc.assert(
    fc.property(seconds(-20, 20), seconds(0, 0.3), seconds(0, 2), (from, late, loading) => {
      let course = loadedAt(NO_COURSE, 0, 30);
      let [place, rate, silent, seeks] = [30 + from, 1, loading, 0];
      for (let time = 250; time <= 12_000; time += 250) {
        const heard = Math.max(0, 0.25 - silent);
        silent = Math.max(0, silent - 0.25);
        place += heard * rate;
        const [next, correction] = correct(course, place, 30 + time / 1000, time);
        course = next;
        if (correction.kind === 'rate') ({ rate } = correction);
        if (correction.kind === 'seek') [place, rate, silent, seeks] = [correction.to, 1, late, seeks + 1];
      }
      expect(Math.abs(place - 42)).toBeLessThan(0.03);
      expect(seeks).toBeLessThanOrEqual(2);
    }),
  );
});
