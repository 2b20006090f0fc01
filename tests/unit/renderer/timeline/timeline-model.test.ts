import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TimelineItem } from '../../../../renderer/src/ui/timeline/anchor.ts';
import { MAX_ROWS, TimelineModel } from '../../../../renderer/src/ui/timeline/timeline-model.ts';

const VIEWPORT = 640;

/** A page without a browser: it clamps and rounds scroll positions as one does. */
class Page {
  readonly model = new TimelineModel();
  items: TimelineItem[] = [];
  scrollTop = 0;
  /** Pixels of the grid that scroll positions are rounded to: 1 on plain screens, 0.8 at 125 %. */
  readonly grid: number;

  constructor(grid = 1) {
    this.grid = grid;
    this.model.setViewport(VIEWPORT);
  }

  set(items: TimelineItem[], sticky = true, resting = true): void {
    this.items = items;
    this.model.setItems(items, sticky);
    this.commit(resting);
  }

  commit(resting = true): void {
    this.model.syncScroll(this.scrollTop);
    const plan = this.model.plan(resting);
    const limit = Math.max(0, plan.contentHeight - VIEWPORT);
    if (plan.scrollTop !== null) {
      this.scrollTop = Math.min(limit, Math.round(plan.scrollTop / this.grid) * this.grid);
      this.model.settled(plan, this.scrollTop);
    } else this.scrollTop = Math.min(limit, this.scrollTop);
  }

  scroll(to: number): void {
    this.scrollTop = Math.max(0, to);
    this.model.scrolledTo(this.scrollTop);
    this.commit(false);
  }

  /** Where a row's top is on the screen. */
  screen(key: string): number {
    return this.model.topOf(this.model.indexOf(key)) - this.scrollTop;
  }

  held(): string {
    const place = this.model.place();
    return place.at === 'row' ? place.key : 'end';
  }
}

function rows(count: number, height = 40, prefix = 'm'): TimelineItem[] {
  return Array.from({ length: count }, (_, at) => ({ key: `${prefix}${at}`, estimate: height }));
}

describe('TimelineModel', () => {
  it('stands at the end first, with the last row at the bottom edge', () => {
    const page = new Page();
    page.set(rows(100, 40.25));
    expect(page.model.atEnd).toBe(true);
    expect(page.screen('m99') + 40.25).toBe(VIEWPORT);
  });

  it('puts a short list at the bottom', () => {
    const page = new Page();
    page.set(rows(3, 40));
    expect(page.screen('m2') + 40).toBe(VIEWPORT);
    expect(page.scrollTop).toBe(0);
  });

  it('stays at the end when something arrives there, and not when the reader is up', () => {
    const page = new Page();
    page.set(rows(100));
    page.set([...rows(100), { key: 'new', estimate: 55.5 }]);
    expect(page.screen('new') + 55.5).toBe(VIEWPORT);
    page.scroll(1000);
    const before = page.screen(page.held());
    page.set([...page.items, { key: 'newer', estimate: 80 }]);
    expect(page.screen(page.held())).toBe(before);
    expect(page.model.atEnd).toBe(false);
  });

  it.each<[string, TimelineItem[]]>([
    ['nothing newer was there', []],
    ['a row said that it was being looked for', [{ key: 'loader', estimate: 40, anchor: false }]],
  ])('a reader at the bottom is at the end when the last row turns out to be the newest: %s', (_what, loader) => {
    const page = new Page();
    page.set([...rows(100), ...loader], false);
    page.model.goTo({ at: 'end' });
    page.commit();
    page.model.painted();
    expect(page.model.atEnd).toBe(false);
    page.set(rows(100), true);
    expect(page.model.atEnd).toBe(true);
    page.set([...page.items, { key: 'new', estimate: 55.5 }]);
    expect(page.screen('new') + 55.5).toBe(VIEWPORT);
  });

  it('a reader above the bottom stays there when the last row turns out to be the newest, and so does one who gets newer ones', () => {
    const page = new Page();
    page.set(rows(100), false);
    page.scroll(100 * 40 - VIEWPORT - 30);
    page.set(rows(100), true);
    expect(page.model.atEnd).toBe(false);
    page.set(rows(100), false);
    page.scroll(100 * 40 - VIEWPORT);
    const before = page.screen('m99');
    page.set(rows(120), true);
    expect(page.screen('m99')).toBe(before);
    expect(page.model.atEnd).toBe(false);
  });

  it('lets the rows move up inside of a content that keeps its height while rows arrive, and sets it right at rest', () => {
    const page = new Page();
    page.set(rows(100, 40.25));
    const { scrollTop } = page;
    for (let more = 1; more <= 30; more++) {
      page.set([...page.items, { key: `new${more}`, estimate: 33.5 }], true, false);
      expect(page.scrollTop).toBe(scrollTop);
      expect(page.screen(`new${more}`) + 33.5).toBe(VIEWPORT);
    }
    expect(page.model.owes).toBe(true);
    page.commit(true);
    expect(page.model.owes).toBe(false);
    expect(page.screen('new30') + 33.5).toBe(VIEWPORT);
    expect(page.model.above).toBe(100 * 40.25 + 30 * 33.5 - VIEWPORT);
    expect(page.scrollTop).toBe(Math.ceil(page.model.above));
  });

  it('holds what a reader sees who turns back in the middle of a flood, and leads them to the beginning', () => {
    const page = new Page();
    page.set(rows(40));
    for (let more = 1; more <= 200; more++) page.set([...page.items, { key: `n${more}`, estimate: 40 }], true, false);
    const last = page.screen('n200');
    page.scroll(page.scrollTop - 100);
    expect(page.screen('n200')).toBe(last + 100);
    page.set([...page.items, { key: 'later', estimate: 40 }], true, false);
    expect(page.screen('n200')).toBe(last + 100);
    for (let turn = 0; turn < 200 && page.model.above > 0; turn++) page.scroll(page.scrollTop - 400);
    expect(page.screen('m0')).toBe(0);
  });

  it('does not stick to an end that is not the newest', () => {
    const page = new Page();
    page.set(rows(100), false);
    page.scroll(100 * 40 - VIEWPORT);
    const before = page.screen('m95');
    page.set([...rows(100), ...rows(50, 40, 'n')], false);
    expect(page.screen('m95')).toBe(before);
  });

  it('lets go of the end before the first pixel of a scroll upwards', () => {
    const page = new Page();
    page.set(rows(100));
    page.model.release();
    const before = page.screen('m90');
    page.set([...rows(100), { key: 'new', estimate: 40 }]);
    expect(page.screen('m90')).toBe(before);
  });

  it('holds still when a page is put before the first row at the very top', () => {
    const page = new Page();
    page.set(rows(100));
    page.scroll(0);
    const before = page.screen('m3');
    page.set([...rows(50, 33.5, 'o'), ...rows(100)]);
    expect(page.screen('m3')).toBe(before);
    expect(page.model.above).toBe(50 * 33.5);
  });

  it('pays the shift back only at rest, or near the beginning', () => {
    const page = new Page();
    page.set(rows(400));
    page.scroll(8000);
    page.model.measure('m2', 140);
    page.commit(false);
    expect([page.model.shift, page.scrollTop]).toEqual([-100, 8000]);
    page.commit(true);
    expect([page.model.shift, page.scrollTop]).toEqual([0, 8100]);
  });

  it('goes to a row, and keeps it there while rows around it turn out otherwise', () => {
    const page = new Page();
    page.set(rows(500));
    expect(page.model.goTo({ at: 'center', key: 'm250' })).toBe(true);
    page.commit();
    for (let row = 240; row < 260; row++) page.model.measure(`m${row}`, 61.125);
    page.commit();
    expect(page.screen('m250') + 61.125 / 2).toBe(VIEWPORT / 2);
    expect(page.model.goTo({ at: 'row', key: 'm100', offset: 200 })).toBe(true);
    page.commit();
    expect(page.screen('m100')).toBe(200);
    expect(page.model.goTo({ at: 'center', key: 'nobody' })).toBe(false);
  });

  it("shows a row at the list's edge as near to the wanted place as the edge allows", () => {
    const page = new Page();
    page.set(rows(500));
    page.model.goTo({ at: 'center', key: 'm0' });
    page.commit();
    expect(page.screen('m0')).toBe(0);
    page.model.goTo({ at: 'center', key: 'm499' });
    page.commit();
    expect(page.screen('m499') + 40).toBe(VIEWPORT);
  });

  it.each([
    ['the end', 'm499', 'new'],
    ['a row whose end of the list is in view', 'm490', 'new'],
    ['a row far from the end', 'm100', 'm100'],
  ])('a jump to %s shows what comes next if it led to the end', (_where, key, shown) => {
    const page = new Page();
    page.set(rows(500));
    page.model.goTo({ at: 'row', key, offset: 100 });
    page.commit();
    page.model.painted();
    const before = page.screen(key);
    page.set([...page.items, { key: 'new', estimate: 55 }]);
    if (shown === 'new') expect(page.screen('new') + 55).toBe(VIEWPORT);
    else expect(page.screen(key)).toBe(before);
  });

  it('a reader who begins to scroll up from the end is not held there by a paint', () => {
    const page = new Page();
    page.set(rows(100));
    page.model.release();
    page.model.painted();
    expect(page.model.atEnd).toBe(false);
  });

  it('holds the next row when the held one is removed', () => {
    const page = new Page();
    page.set(rows(200));
    page.scroll(2010);
    const held = page.held();
    const next = `m${Number(held.slice(1)) + 1}`;
    const before = page.screen(next);
    page.set(page.items.filter((item) => item.key !== held));
    expect(page.screen(next)).toBe(before);
  });

  it('never holds a row that says it comes and goes', () => {
    const page = new Page();
    page.set([{ key: 'loader', estimate: 60, anchor: false }, ...rows(100)]);
    page.scroll(0);
    expect(page.held()).toBe('m0');
    const before = page.screen('m0');
    page.set([...rows(50, 40, 'o'), ...rows(100)]);
    expect(page.screen('m0')).toBe(before);
  });

  it('draws a bounded number of rows, whatever their size', () => {
    const page = new Page();
    page.set(rows(100_000, 1));
    page.scroll(50_000);
    const { start, end } = page.model.range(5000);
    expect(end - start).toBeLessThanOrEqual(MAX_ROWS);
    const { start: first, end: last } = page.model.visible();
    expect(start).toBeLessThanOrEqual(Math.floor((first + last) / 2));
    expect(end).toBeGreaterThanOrEqual(Math.floor((first + last) / 2));
  });

  it('tells exactly the rows of which a pixel is in view', () => {
    const page = new Page();
    page.set(rows(100));
    page.scroll(400);
    expect(page.model.visible()).toEqual({ start: 10, end: 26 });
    page.scroll(401);
    expect(page.model.visible()).toEqual({ start: 10, end: 27 });
  });

  const height = fc.integer({ min: 64 * 20, max: 64 * 300 }).map((units) => units / 64);
  const step = fc.oneof(
    fc.record({
      kind: fc.constant('insert' as const),
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      heights: fc.array(height, { minLength: 1, maxLength: 30 }),
    }),
    fc.record({
      kind: fc.constant('remove' as const),
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      count: fc.integer({ min: 1, max: 6 }),
    }),
    fc.record({ kind: fc.constant('measure' as const), at: fc.double({ min: 0, max: 1, noNaN: true }), height }),
    fc.record({ kind: fc.constant('rest' as const) }),
  );

  it.each([1, 0.8, 1 / 1.5])(
    'moves the held row by nothing, whatever happens around it (scroll grid %d px)',
    (grid) => {
      fc.assert(
        fc.property(fc.array(step, { minLength: 1, maxLength: 60 }), fc.boolean(), (steps, resting) => {
          const page = new Page(grid);
          let born = 0;
          page.set(rows(600, 50), true, resting);
          page.scroll(Math.round((600 * 25) / grid) * grid);
          let held = page.held();
          let place = page.screen(held);
          for (const one of steps) {
            const items = [...page.items];
            const at = 'at' in one ? Math.floor(one.at * items.length) : 0;
            if (one.kind === 'insert') {
              items.splice(at, 0, ...one.heights.map((estimate) => ({ key: `n${born++}`, estimate })));
              page.set(items, true, resting);
            } else if (one.kind === 'remove') {
              // So many rows stay on both sides that an edge of the list never has to win.
              if (items.length < 400) continue;
              items.splice(at, one.count);
              const next = page.items.slice(page.model.indexOf(held)).find((item) => items.includes(item));
              if (!next) continue;
              place = next.key === held ? place : page.screen(next.key);
              held = next.key;
              page.set(items, true, resting);
            } else if (one.kind === 'measure') {
              const key = items[at]?.key ?? '';
              page.model.measure(key, one.height);
              page.commit(resting);
            } else page.commit(true);
            expect(page.held()).toBe(held);
            // Doubles hold sums of 64ths exactly; a grid of 1/1.5 px rounds in the last bits.
            expect(Math.abs(page.screen(held) - place)).toBeLessThanOrEqual(grid === 1 ? 0 : 1e-6);
          }
        }),
        { numRuns: 150 },
      );
    },
  );
});
