/** Pages far back in a list: what is passed over, in which steps, and what a list that grows meanwhile does to it. */
import { expect, test } from 'vitest';
import type { TimePlace } from '../../../relay/repositories/ports.ts';
import { createDeepPages } from '../../../relay/services/deep-pages.ts';

/** A list of so many rows, newest first; rows can be added at the top. */
function listOf(size: number) {
  const rows: TimePlace[] = [];
  const add = (): void => void rows.unshift({ id: `r${rows.length}`, createdAt: rows.length });
  for (let n = 0; n < size; n += 1) add();
  const skipped: number[] = [];
  const after = (place: TimePlace | null): TimePlace[] =>
    place ? rows.filter(({ createdAt }) => createdAt < place.createdAt) : rows;
  return {
    rows,
    add,
    skipped,
    list: {
      page: async (place: TimePlace | null, limit: number) => after(place).slice(0, limit),
      async skip(place: TimePlace | null, count: number) {
        skipped.push(count);
        return after(place)[count - 1] ?? null;
      },
      async skipUp(place: TimePlace | null, count: number) {
        skipped.push(count);
        const before = place ? rows.filter(({ createdAt }) => createdAt > place.createdAt) : rows;
        return before.toReversed()[count - 1] ?? null;
      },
    },
  };
}

const sum = (counts: readonly number[]): number => counts.reduce((whole, count) => whole + count, 0);

function pagesOf(size: number, isKept = true, remembered = 1000) {
  const scene = listOf(size);
  let turnsTaken = 0;
  let meanwhile: () => void = () => undefined;
  const turns = {
    next: async () => {
      turnsTaken += 1;
      meanwhile();
    },
  };
  const pages = createDeepPages(scene.list, async () => scene.rows.length, isKept, { turns, step: 10, remembered });
  return {
    ...scene,
    pages,
    turnsTaken: () => turnsTaken,
    atEachTurn: (run: () => void) => void (meanwhile = run),
    check: async (limit: number, offset: number) =>
      expect(await pages.page(limit, offset)).toEqual(scene.rows.slice(offset, offset + limit)),
  };
}

test('any page is the same as counting it off, whatever was asked before', async () => {
  const { check } = pagesOf(95);
  for (const offset of [0, 50, 49, 51, 94, 95, 96, 1000, 7, 93, 0, 20, 30, 40]) {
    for (const limit of [1, 5, 100]) await check(limit, offset);
  }
});

test('an offset is reached in steps with a turn each, and a second time at once', async () => {
  const { check, skipped, turnsTaken } = pagesOf(95);
  await check(5, 47);
  expect(skipped).toEqual([10, 10, 10, 10, 7]);
  expect(turnsTaken()).toBe(5);
  skipped.length = 0;
  // The page after it, and one a little further.
  await check(5, 52);
  expect(skipped).toEqual([]);
  await check(5, 60);
  expect(skipped).toEqual([3]);
});

test('rows that came since move the offsets, and what is remembered moves with them', async () => {
  const { check, add, skipped } = pagesOf(95);
  await check(5, 50);
  for (let n = 0; n < 7; n += 1) add();
  skipped.length = 0;
  await check(5, 57);
  expect(skipped).toEqual([]);
  for (const offset of [0, 3, 30, 57, 62, 90]) await check(5, offset);
});

test('what was counted from the top while rows came is not remembered', async () => {
  const { pages, check, add, atEachTurn, rows } = pagesOf(95);
  atEachTurn(add);
  // Somewhere near: an offset in a list that moves is no fixed place.
  const [first] = await pages.page(5, 47);
  expect(rows.findIndex(({ id }) => id === first?.id)).toBeGreaterThanOrEqual(47);
  atEachTurn(() => undefined);
  for (const offset of [0, 10, 47, 48, 52, 70]) await check(5, offset);
});

test('nothing is remembered of a list that loses rows', async () => {
  const { check, rows, skipped } = pagesOf(95, false);
  await check(5, 50);
  rows.splice(80, 5);
  await check(5, 50);
  await check(5, 55);
  // 46 of 95 from the end, 41 of 90, and 36.
  expect(sum(skipped)).toBe(46 + 41 + 36);
});

test('so many places are remembered, and the oldest is forgotten', async () => {
  const { check, skipped } = pagesOf(95, true, 3);
  await check(1, 80);
  skipped.length = 0;
  await check(1, 80);
  expect(skipped, 'from the one remembered last before it').toEqual([]);
  await check(1, 12);
  expect(skipped).toEqual([10, 2]);
});

test.each([true, false])('the far end is reached from there, whether rows are kept (%s) or not', async (isKept) => {
  const { check, skipped, rows } = pagesOf(1000, isKept);
  await check(10, 985);
  expect(sum(skipped), 'the 15 rows behind, and the one before the page').toBe(16);
  skipped.length = 0;
  await check(10, 501);
  expect(sum(skipped)).toBeLessThanOrEqual(500);
  // The oldest goes: what lies behind the others is fewer now.
  if (!isKept) rows.pop();
  for (const offset of [985, 990, 998, 999, 1000, 1500]) await check(10, offset);
});

test('what came while it was counted from the end is not remembered, and rows that went are no error', async () => {
  const { pages, check, add, atEachTurn, rows } = pagesOf(95);
  atEachTurn(add);
  await pages.page(5, 80);
  atEachTurn(() => undefined);
  for (const offset of [80, 90, 95, 99]) await check(5, offset);
  const losing = pagesOf(95, false);
  losing.atEachTurn(() => void losing.rows.splice(-40));
  expect(await losing.pages.page(5, 60)).toEqual([]);
  losing.atEachTurn(() => undefined);
  await losing.check(5, 10);
  expect(rows.length).toBeGreaterThan(95);
});
