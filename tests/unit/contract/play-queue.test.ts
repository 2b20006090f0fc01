/** The queue: what comes next in every mood, and what holds whatever is done to it. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { QueueEntry } from '#contract/ipc/music-views.ts';
import { MOST_QUEUED } from '#contract/model/limits.ts';
import {
  currentEntry,
  EMPTY_QUEUE,
  following,
  nextQueue,
  playingEntries,
  playingOrder,
  preceding,
  recalledQueue,
  type PlayQueue,
  type QueueEvent,
} from '#contract/model/play-queue.ts';

const entry = (key: string, accountId = 'me'): QueueEntry => ({
  key,
  item: {
    ...{ accountId, fileId: `file-${key}`, source: 'library', title: key, artist: null, album: null, albumKey: null },
    ...{ trackNumber: null, duration: 60, mimeType: 'audio/flac', url: `/media/${key}`, coverUrl: null },
    ...{ gain: null, from: null },
  },
});
const entries = (keys: string): QueueEntry[] => [...keys].map((key) => entry(key));
const never = (): number => {
  throw new Error('no chance was needed');
};
const run = (queue: PlayQueue, ...events: QueueEvent[]): PlayQueue =>
  events.reduce((now, event) => nextQueue(now, event, never), queue);
/** Playing "abcd" from `current` on. */
const playing = (current: string, more: Partial<PlayQueue> = {}): PlayQueue => ({
  ...EMPTY_QUEUE,
  entries: entries('abcd'),
  current,
  ...more,
});
const order = (queue: PlayQueue): string => playingOrder(queue).join('');

describe('an order from elsewhere', () => {
  const arrange = (keys: string): QueueEvent => ({ kind: 'arrange', entries: entries(keys) });
  test.each([
    // current, order, what the queue becomes
    ['a', 'dcb', 'adcb'],
    ['b', 'dc', 'abdc'],
    // What was heard stays behind, what is not named comes last, what is new comes in.
    ['b', 'dacx', 'abdcx'],
    ['b', 'd', 'abdc'],
    ['d', 'xy', 'abcdxy'],
    ['a', '', 'abcd'],
  ])('at %s, %s: %s', (current, wanted, expected) => {
    const queue = run(playing(current), arrange(wanted));
    expect(order(queue)).toBe(expected);
    expect(queue.current).toBe(current);
  });

  test('ends shuffling, with the entries in the order that they had', () => {
    const queue = run(playing('c', { order: ['b', 'c', 'a', 'd'] }), arrange('da'));
    expect([order(queue), queue.order]).toEqual(['bcda', null]);
  });

  test('that is the same changes nothing, and an empty queue begins', () => {
    const before = playing('a');
    expect(run(before, arrange('bcd'))).toBe(before);
    expect(run(EMPTY_QUEUE, arrange('ab'))).toMatchObject({ current: 'a' });
  });
});

describe('the list that a track was taken from', () => {
  const one: PlayQueue = { ...EMPTY_QUEUE, entries: [entry('x')], current: 'x' };
  const surround = (keys: string, at: number): QueueEvent => ({ kind: 'surround', entries: entries(keys), at });

  test('comes around it, and it stays the same entry', () => {
    expect(run(one, surround('abcd', 2))).toMatchObject({ current: 'x', order: null });
    expect(order(run(one, surround('abcd', 2)))).toBe('abxd');
  });

  test('is shuffled where shuffle is on, beginning with it', () => {
    const queue = nextQueue({ ...one, order: ['x'] }, surround('abcd', 2), () => 0);
    expect(playingOrder(queue)[0]).toBe('x');
    expect([...playingOrder(queue)].sort()).toEqual(['a', 'b', 'd', 'x']);
  });

  test('comes around some of its entries, also when another one of them plays by now', () => {
    const some: PlayQueue = { ...EMPTY_QUEUE, entries: entries('bcd'), current: 'd' };
    expect(run(some, surround('abcdef', 1))).toMatchObject({ current: 'd' });
    expect(order(run(some, surround('abcdef', 1)))).toBe('abcdef');
    const moved = { ...some, entries: entries('cbd') };
    expect(run(moved, surround('abcdef', 1))).toBe(moved);
  });

  test('comes too late where something else was put together, or has no place for it', () => {
    const other = playing('a');
    expect(run(other, surround('abcd', 2))).toBe(other);
    expect(run(one, surround('abcd', -1))).toBe(one);
    expect(run(EMPTY_QUEUE, surround('ab', 0))).toBe(EMPTY_QUEUE);
  });
});

describe('what follows', () => {
  test.each([
    // why, current, repeat, failed, what follows
    ['ended', 'a', 'off', '', 'b'],
    ['ended', 'd', 'off', '', null],
    ['ended', 'd', 'all', '', 'a'],
    ['ended', 'b', 'one', '', 'b'],
    ['ended', 'b', 'one', 'b', 'c'],
    ['next', 'b', 'one', '', 'c'],
    ['next', 'd', 'off', '', null],
    ['next', 'd', 'one', '', 'a'],
    ['ended', 'a', 'off', 'b', 'c'],
    ['ended', 'a', 'off', 'bcd', null],
    ['ended', 'a', 'all', 'bcd', 'a'],
    ['ended', 'a', 'all', 'abcd', null],
  ] as const)('%s at %s, repeating %s, without "%s": %s', (why, current, repeat, failed, expected) => {
    expect(following(playing(current, { repeat, failed: [...failed] }), why)).toBe(expected);
  });

  test.each([
    ['a', 'off', null],
    ['c', 'off', 'b'],
    ['a', 'all', 'd'],
  ] as const)('before %s, repeating %s: %s', (current, repeat, expected) => {
    expect(preceding(playing(current, { repeat }))).toBe(expected);
  });

  test('in an empty queue there is nothing', () => {
    expect(following(EMPTY_QUEUE, 'next')).toBeNull();
    expect(preceding({ ...EMPTY_QUEUE, repeat: 'all' })).toBeNull();
    expect(currentEntry(EMPTY_QUEUE)).toBeNull();
  });
});

describe('the queue', () => {
  test('plays a list from where it was asked to', () => {
    const queue = run(EMPTY_QUEUE, { kind: 'play', entries: entries('abc'), startAt: 1 });
    expect([order(queue), queue.current]).toEqual(['abc', 'b']);
    expect(run(queue, { kind: 'play', entries: [], startAt: 0 })).toBe(queue);
  });

  test('takes tracks after the current one and after the last one', () => {
    const queue = run(
      playing('b'),
      { kind: 'playNext', entries: entries('xy') },
      { kind: 'playLater', entries: entries('z') },
    );
    expect(order(queue)).toBe('abxycdz');
    expect(run(EMPTY_QUEUE, { kind: 'playLater', entries: entries('z') }).current).toBe('z');
  });

  test.each([
    ['b', 'c', 'c'],
    ['d', 'cd', 'b'],
    ['b', 'bc', 'd'],
    ['b', 'abcd', null],
    ['b', 'a', 'b'],
  ])('with %s current and without "%s" has %s current', (current, gone, expected) => {
    const queue = run(playing(current), { kind: 'remove', keys: [...gone] });
    expect(queue.current).toBe(gone === 'c' ? 'b' : expected);
    expect(order(queue)).not.toMatch(new RegExp(`[${gone}]`));
  });

  test.each([
    ['a', 2, 'bcad'],
    ['d', 0, 'dabc'],
    ['b', 99, 'acdb'],
    ['b', -1, 'bacd'],
    ['x', 1, 'abcd'],
  ])('moves %s to %i: %s', (key, to, expected) => {
    const queue = run(playing('a'), { kind: 'move', key, to });
    expect([order(queue), queue.current]).toEqual([expected, 'a']);
  });

  test('moved in a shuffled order leaves the list alone', () => {
    const queue = run(playing('a', { order: ['a', 'd', 'b', 'c'] }), { kind: 'move', key: 'c', to: 1 });
    expect(order(queue)).toBe('acdb');
    expect(order(run(queue, { kind: 'shuffle', on: false }))).toBe('abcd');
  });

  test('keeps the current track when shuffle goes on and off', () => {
    const on = nextQueue(playing('c'), { kind: 'shuffle', on: true }, () => 0);
    expect(order(on)).toMatch(/^c/);
    const off = run(on, { kind: 'shuffle', on: false });
    expect([order(off), off.current]).toEqual(['abcd', 'c']);
  });

  test('passes over what cannot be played, once, and comes to an end', () => {
    let queue = playing('a', { repeat: 'all' });
    const tried: (string | null)[] = [];
    while (queue.current !== null && !queue.failed.includes(queue.current)) {
      tried.push(queue.current);
      queue = run(queue, { kind: 'failed', key: queue.current });
    }
    expect(tried).toEqual(['a', 'b', 'c', 'd']);
    expect(following(queue, 'ended')).toBeNull();
    expect(following(run(queue, { kind: 'retry' }), 'ended')).toBe('a');
    expect(run(queue, { kind: 'go', key: 'b' }).failed).toEqual(['a', 'c', 'd']);
  });

  test('a failure of a later track leaves the current one', () => {
    const queue = run(playing('a'), { kind: 'failed', key: 'b' });
    expect([queue.current, following(queue, 'ended')]).toEqual(['a', 'c']);
  });

  test('loses the tracks of accounts that were closed', () => {
    const queue = run(
      { ...EMPTY_QUEUE, entries: [entry('a'), entry('b', 'other'), entry('c')], current: 'b' },
      { kind: 'keepAccounts', accountIds: ['me'] },
    );
    expect([order(queue), queue.current]).toEqual(['ac', 'c']);
  });

  test('holds so many and no more, with the chosen one among them', () => {
    const many = Array.from({ length: MOST_QUEUED + 10 }, (_, n) => entry(String(n)));
    const queue = run(EMPTY_QUEUE, { kind: 'play', entries: many, startAt: MOST_QUEUED + 5 });
    expect(queue.entries).toHaveLength(MOST_QUEUED);
    expect(currentEntry(queue)?.key).toBe(String(MOST_QUEUED + 5));
    expect(run(queue, { kind: 'playLater', entries: entries('a') })).toBe(queue);
  });

  test('is put right when what was kept does not fit', () => {
    const kept = { queue: entries('abc'), order: ['c', 'x', 'a'], current: 'x', repeat: 'all' } as const;
    const queue = recalledQueue({ ...kept, order: [...kept.order] });
    expect([order(queue), queue.current, queue.repeat]).toEqual(['cab', 'a', 'all']);
  });
});

test('shuffle is fair: each of 24 orders comes as often as any other', () => {
  const counts = new Map<string, number>();
  const turns = 24_000;
  // A generator of its own, so that the test is the same on every run.
  let state = 7;
  const chance = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  for (let turn = 0; turn < turns; turn += 1) {
    const queue = nextQueue(playing('x', { entries: entries('xabcd') }), { kind: 'shuffle', on: true }, chance);
    counts.set(order(queue), (counts.get(order(queue)) ?? 0) + 1);
  }
  expect(counts.size).toBe(24);
  // Chi squared with 23 degrees of freedom: above 49.7 once in a thousand runs of a fair one.
  const expected = turns / 24;
  const chi = [...counts.values()].reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
  expect(chi).toBeLessThan(49.7);
});

describe('whatever is done to it', () => {
  const keys = fc.constantFrom(...'abcdefgh');
  const lists = fc.uniqueArray(keys, { maxLength: 6 }).map((list) => list.map((key) => entry(key)));
  const event: fc.Arbitrary<QueueEvent> = fc.oneof(
    fc.record({ kind: fc.constant('play' as const), entries: lists, startAt: fc.integer({ min: -1, max: 7 }) }),
    fc.record({ kind: fc.constantFrom('playNext' as const, 'playLater' as const), entries: lists }),
    fc.record({ kind: fc.constant('remove' as const), keys: fc.array(keys) }),
    fc.record({ kind: fc.constant('move' as const), key: keys, to: fc.integer({ min: -2, max: 9 }) }),
    fc.record({ kind: fc.constantFrom('go' as const, 'failed' as const), key: keys }),
    fc.record({ kind: fc.constantFrom('next' as const, 'previous' as const, 'ended' as const, 'retry' as const) }),
    fc.record({ kind: fc.constant('shuffle' as const), on: fc.boolean() }),
    fc.record({ kind: fc.constant('repeat' as const), repeat: fc.constantFrom('off', 'all', 'one') }),
    fc.record({ kind: fc.constant('clear' as const) }),
  );
  const queues = fc
    .tuple(fc.array(event, { maxLength: 30 }), fc.infiniteStream(fc.double({ min: 0, max: 0.999, noNaN: true })))
    .map(([events, numbers]) => {
      const chance = (): number => {
        const value: unknown = numbers.next().value;
        return typeof value === 'number' ? value : 0;
      };
      return events.reduce((queue, next) => nextQueue(queue, next, chance), EMPTY_QUEUE);
    });

  test('the order has exactly the entries, and the current one is among them', () => {
    fc.assert(
      fc.property(queues, (queue) => {
        const listed = queue.entries.map(({ key }) => key);
        expect([...playingOrder(queue)].sort()).toEqual([...listed].sort());
        expect(new Set(listed).size).toBe(listed.length);
        expect(playingEntries(queue)).toHaveLength(listed.length);
        expect(queue.current === null).toBe(listed.length === 0);
        if (queue.current !== null) expect(listed).toContain(queue.current);
        for (const key of queue.failed) expect(listed).toContain(key);
      }),
    );
  });

  test('shuffle on and off again changes nothing', () => {
    fc.assert(
      fc.property(queues, fc.double({ min: 0, max: 0.999, noNaN: true }), (queue, number) => {
        const plain = nextQueue(queue, { kind: 'shuffle', on: false }, never);
        const on = nextQueue(plain, { kind: 'shuffle', on: true }, () => number);
        expect(nextQueue(on, { kind: 'shuffle', on: false }, never)).toEqual(plain);
        if (plain.current !== null) expect(playingOrder(on)[0]).toBe(plain.current);
      }),
    );
  });

  test('a queue in which everything fails ends', () => {
    fc.assert(
      fc.property(queues, (start) => {
        let queue = start;
        for (let turn = 0; turn <= start.entries.length; turn += 1) {
          if (queue.current === null) return;
          queue = nextQueue(queue, { kind: 'failed', key: queue.current }, never);
        }
        expect(following(queue, 'ended')).toBeNull();
      }),
    );
  });

  test('repeating everything reaches every entry that plays', () => {
    fc.assert(
      fc.property(queues, (start) => {
        let queue = nextQueue(start, { kind: 'repeat', repeat: 'all' }, never);
        const seen = new Set<string>();
        for (let turn = 0; turn < start.entries.length; turn += 1) {
          queue = nextQueue(queue, { kind: 'next' }, never);
          if (queue.current !== null) seen.add(queue.current);
        }
        const good = start.entries.filter(({ key }) => !start.failed.includes(key));
        for (const { key } of good) expect(seen).toContain(key);
      }),
    );
  });
});
