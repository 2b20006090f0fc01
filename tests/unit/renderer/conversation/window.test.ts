import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { comparePositions } from '#contract/model/message-order.ts';
import {
  findMessage,
  joinPage,
  MAX_WINDOW,
  mergePush,
  trimWindow,
  windowOf,
} from '../../../../renderer/src/stores/account/messages/window.ts';
import { pageOf, pending, stored } from './message.ts';

const keys = (window: { items: readonly { key: string }[] }): string => window.items.map((item) => item.key).join(' ');
const numbers = (window: { items: readonly { key: string }[] }): number[] =>
  window.items.map((item) => Number(item.key.slice(1)));

describe('mergePush', () => {
  const middle = windowOf(pageOf(10, 13));
  const newest = windowOf(pageOf(10, 13, { newer: 'end' }));
  const whole = windowOf(pageOf(10, 13, { older: 'end', newer: 'end' }));

  it.each([
    ['a newer one at the newest end', newest, [stored(20)], [10, 11, 12, 20]],
    ['a newer one where newer rows are missing', middle, [stored(20)], [10, 11, 12]],
    ['an older one where older rows are missing', newest, [stored(5)], [10, 11, 12]],
    ['an older one at the beginning of the chat', whole, [stored(5)], [5, 10, 11, 12]],
    ['several out of order', newest, [stored(22), stored(20), stored(21)], [10, 11, 12, 20, 21, 22]],
    ['one that is there already', newest, [stored(11)], [10, 11, 12]],
  ])('takes %s', (_name, window, upserts, expected) => {
    expect(numbers(mergePush(window, upserts, []))).toEqual(expected);
  });

  it('replaces in place, and keeps the objects of the others', () => {
    const changed = stored(11, { text: 'changed' });
    const merged = mergePush(newest, [changed], []);
    expect(merged.items[1]).toBe(changed);
    expect(merged.items[0]).toBe(newest.items[0]);
  });

  it('answers the same window when nothing concerns it', () => {
    expect(mergePush(middle, [stored(99)], ['nobody'])).toBe(middle);
  });

  it('removes by key', () => {
    expect(numbers(mergePush(newest, [], ['m00011']))).toEqual([10, 12]);
  });

  it('moves a pending message once, to the place that the server gives it', () => {
    const written = mergePush(newest, [pending(1), pending(2)], []);
    expect(keys(written)).toBe('m00010 m00011 m00012 local-1 local-2');
    const other = mergePush(written, [stored(14)], []);
    expect(keys(other)).toBe('m00010 m00011 m00012 m00014 local-1 local-2');
    const sent = stored(13, { key: 'local-1', localId: 'local-1', mine: true, state: 'sent' });
    expect(keys(mergePush(other, [sent], []))).toBe('m00010 m00011 m00012 local-1 m00014 local-2');
  });

  it('keeps one bubble for a message that was first told under another name', () => {
    const echo = mergePush(newest, [stored(13)], []);
    const answer = stored(13, { key: 'local-1', localId: 'local-1', mine: true, state: 'sent' });
    expect(keys(mergePush(echo, [answer], []))).toBe('m00010 m00011 m00012 local-1');
  });

  it('takes the first message of an empty chat', () => {
    const empty = windowOf(pageOf(0, 0, { older: 'end', newer: 'end' }));
    expect(keys(mergePush(empty, [pending(1)], []))).toBe('local-1');
  });

  it('is sorted, without doubles and without holes, whatever is pushed', () => {
    const push = fc.record({
      upserts: fc.array(fc.integer({ min: 0, max: 60 }), { maxLength: 20 }),
      removed: fc.array(fc.integer({ min: 0, max: 60 }), { maxLength: 3 }),
    });
    fc.assert(
      fc.property(fc.array(push, { maxLength: 15 }), fc.boolean(), fc.boolean(), (pushes, oldest, live) => {
        let window = windowOf(pageOf(20, 40, { older: oldest ? 'end' : 'more', newer: live ? 'end' : 'gap' }));
        for (const { upserts, removed } of pushes) {
          const gone = removed.map((number) => stored(number).key);
          const first = window.items[0]?.position;
          const last = window.items.at(-1)?.position;
          window = mergePush(
            window,
            upserts.map((number) => stored(number)),
            gone,
          );
          const all = window.items;
          for (let at = 1; at < all.length; at++) {
            const [a, b] = [all[at - 1], all[at]];
            expect(a && b && comparePositions(a.position, b.position) < 0).toBe(true);
          }
          if (!first || !last) continue;
          for (const number of upserts) {
            const { position } = stored(number);
            const inside = comparePositions(position, first) >= 0 && comparePositions(position, last) <= 0;
            const past = comparePositions(position, last) > 0 ? live : oldest;
            expect(findMessage(window, stored(number).key) >= 0, String(number)).toBe(inside || past);
          }
        }
      }),
      { numRuns: 200 },
    );
  });
});

describe('joinPage', () => {
  const window = windowOf(pageOf(20, 30));

  it.each([
    ['older', pageOf(10, 20, { older: 'gap' }), 'm00020', 10, 30],
    ['newer', pageOf(30, 35, { newer: 'end' }), 'm00029', 20, 35],
    ['older', pageOf(15, 24), 'm00020', 15, 30],
  ] as const)('joins a page at the %s end, overlapping or not', (side, page, from, first, end) => {
    const joined = joinPage(window, page, side, from);
    expect(numbers(joined)).toEqual(Array.from({ length: end - first }, (_, at) => first + at));
    expect(joined[side]).toBe(page[side]);
    expect(joined[side === 'older' ? 'newer' : 'older']).toBe('more');
  });

  it('leaves the window as it is when the end has moved since the page was asked for', () => {
    expect(joinPage(window, pageOf(5, 10), 'older', 'm00010')).toBe(window);
  });

  it('keeps the pushed state of a row over the one in the page', () => {
    const pushed = mergePush(window, [stored(20, { text: 'newer' })], []);
    expect(joinPage(pushed, pageOf(15, 24), 'older', 'm00020').items[5]?.text).toBe('newer');
  });
});

describe('trimWindow', () => {
  const full = windowOf(pageOf(0, MAX_WINDOW + 100, { older: 'end', newer: 'end' }));

  it('leaves a window of the full size alone', () => {
    const window = windowOf(pageOf(0, MAX_WINDOW));
    expect(trimWindow(window, null)).toBe(window);
  });

  it.each([
    ['at the newest end', null, 'more', 'end'],
    ['at the oldest end', 'm00003', 'end', 'more'],
    ['in the middle', 'm01000', 'more', 'more'],
  ])('keeps what is around a reader %s, and says what it let go', (_name, reader, older, newer) => {
    const trimmed = trimWindow(full, reader);
    expect(trimmed.items.length).toBeLessThanOrEqual(MAX_WINDOW);
    expect([trimmed.older, trimmed.newer]).toEqual([older, newer]);
    const at = reader === null ? trimmed.items.length - 1 : findMessage(trimmed, reader);
    expect(at).toBeGreaterThanOrEqual(Math.min(3, at));
    if (older === 'more') expect(at).toBeGreaterThanOrEqual(500);
    if (newer === 'more') expect(trimmed.items.length - 1 - at).toBeGreaterThanOrEqual(500);
  });
});
