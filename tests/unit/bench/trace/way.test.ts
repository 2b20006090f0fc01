import { describe, expect, it } from 'vitest';
import type { Place, PlacedStamp, StampKind } from '../../../bench/trace/stamp.ts';
import { between, CLOCK_SLACK_MS, follow, turnsOf, type Milestone } from '../../../bench/trace/way.ts';

function milestone(key: string, place: Place, kind: StampKind, given: Partial<Milestone> = {}): Milestone {
  return { key, what: key, place, kind, op: null, peer: null, named: true, always: true, pick: 'only', ...given };
}

const KEY = milestone('key', 'page A', 'key');
const ASKED = milestone('asked', 'main A', 'store:asked', { op: 'enqueue' });
const HEADS = milestone('heads', 'main A', 'store:asked', {
  op: 'outboxHeads',
  named: false,
  always: false,
  pick: 'first',
});
const ATTEMPT = milestone('attempt', 'main A', 'store:asked', { op: 'beginAttempt', always: false });
const COMMIT = milestone('commit', 'node', 'commit', { named: false, always: false, pick: 'last' });
const EVENT = milestone('event', 'node', 'frame:out', { peer: 'main B' });
const PUSH = milestone('push', 'main B', 'bridge:out', { op: 'push', pick: 'first' });
const WAY = [KEY, ASKED, HEADS, ATTEMPT, COMMIT, EVENT, PUSH];

type Given = Partial<Pick<PlacedStamp, 'op' | 'words' | 'peer'>>;

function stamp(at: number, place: Place, kind: StampKind, given: Given = {}): PlacedStamp {
  return { at, place, kind, op: '', words: [7], port: null, peer: null, ...given };
}

const key = stamp(100, 'page A', 'key');
const asked = stamp(102, 'main A', 'store:asked', { op: 'enqueue' });
const heads = (at: number): PlacedStamp => stamp(at, 'main A', 'store:asked', { op: 'outboxHeads', words: [] });
const attempt = stamp(104, 'main A', 'store:asked', { op: 'beginAttempt' });
const commit = (at: number): PlacedStamp => stamp(at, 'node', 'commit', { words: [] });
const event = stamp(110, 'node', 'frame:out', { peer: 'main B' });
const push = stamp(112, 'main B', 'bridge:out', { op: 'push' });
const whole = [key, asked, heads(103), attempt, commit(108), event, push];
const turn = { word: 7, from: 100, until: 150 };

const without = (gone: PlacedStamp): PlacedStamp[] => whole.filter((one) => one !== gone);
const byTime = (stamps: PlacedStamp[]): PlacedStamp[] => stamps.sort((one, other) => one.at - other.at);
const withAlso = (...more: PlacedStamp[]): PlacedStamp[] => byTime([...whole, ...more]);

const passed = (stamps: readonly PlacedStamp[]): string => {
  const followed = follow(WAY, stamps, turn);
  return followed.ok ? followed.moments.map(({ key: name, at }) => `${name} ${at}`).join(', ') : followed.reason;
};

describe('follow', () => {
  const usual = 'key 100, asked 102, heads 103, attempt 104, commit 108, event 110, push 112';

  it.each<[what: string, stamps: PlacedStamp[], expected: string]>([
    ['the whole way', whole, usual],
    ['nothing at all', [], 'key: not seen'],
    ['a missing stamp that every way passes', without(asked), 'asked: not seen'],
    ['a missing last stamp', without(push), 'push: not seen'],
    ['a missing one that a way may do without', whole.toSpliced(2, 1), usual.replace(' heads 103,', '')],
    ['one that must stand alone, twice', withAlso({ ...asked, at: 104 }), 'asked: 2 times'],
    ['one that must stand alone, again at the very end', withAlso({ ...asked, at: 140 }), 'asked: 2 times'],
    ['the first of several', withAlso({ ...push, at: 113 }, { ...push, at: 120 }), usual],
    ['several before it, the last of them', withAlso(commit(106), commit(107)), usual],
    ['one after it that belongs to others', withAlso(commit(110.5)), usual],
    ['an unnamed one from before, interleaved', withAlso(heads(101), heads(101.9)), usual],
    ['an unnamed one from after, interleaved', withAlso(heads(115)), usual],
    [
      'an unnamed one that comes too late for the named one after it',
      byTime([...whole.toSpliced(2, 1), heads(105)]),
      usual.replace(' heads 103,', ''),
    ],
    ['the stamps of the message before it', withAlso({ ...asked, at: 101, words: [6] }), usual],
    ['the stamps of another operation', withAlso({ ...asked, at: 101, op: 'saveDraft' }), usual],
    ['the same over another connection', withAlso({ ...event, at: 109, peer: 'main A' }), usual],
    ['the same in another process', withAlso({ ...asked, place: 'main B' }), usual],
    ['several messages in one', byTime([...without(push), { ...push, words: [6, 7] }]), usual],
    ['one that stands alone in its turn, and stood before it too', withAlso({ ...asked, at: 50 }), usual],
    ['what happened before its turn', byTime([...without(asked), { ...asked, at: 98 }]), 'asked: not seen'],
    ['what happened after its turn', byTime([...without(push), { ...push, at: 150 }]), 'push: not seen'],
  ])('knows %s', (_what, stamps, expected) => {
    expect(passed(stamps)).toBe(expected);
  });

  it('takes no stamp that comes before its cause in the same process', () => {
    const first = milestone('first', 'main A', 'bridge:in');
    const stamps = [key, asked, stamp(102.1, 'main A', 'bridge:in')];
    expect(follow([KEY, first, ASKED], stamps, turn)).toEqual({ ok: false, reason: 'asked: not seen' });
  });

  it.each([
    [CLOCK_SLACK_MS / 2, true],
    [CLOCK_SLACK_MS * 2, false],
  ])('lets another process be %d ms before its cause: %s', (early, ok) => {
    const stamps = byTime([...without(push), { ...push, at: event.at - early }]);
    expect(follow(WAY, stamps, turn).ok).toBe(ok);
  });
});

describe('between', () => {
  it('measures from one moment to another that is not on the way', () => {
    expect(between([KEY, COMMIT], whole, turn)).toBe(8);
  });

  it('is null when one of the two is missing or stands twice', () => {
    expect(between([KEY, ASKED], without(asked), turn)).toBeNull();
    expect(between([KEY, ASKED], withAlso({ ...asked, at: 104 }), turn)).toBeNull();
  });
});

describe('turnsOf', () => {
  it('goes from each key to the next', () => {
    const stamps = [stamp(100, 'page A', 'key', { words: [0] }), asked, stamp(150, 'page A', 'key', { words: [1] })];
    expect(turnsOf(stamps)).toEqual([
      { word: 0, from: 100, until: 150 },
      { word: 1, from: 150, until: Number.POSITIVE_INFINITY },
    ]);
  });
});
