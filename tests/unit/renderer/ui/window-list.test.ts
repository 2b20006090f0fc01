// @vitest-environment happy-dom
/** A table of twenty thousand rows of which a few exist. */
import { mount, type VueWrapper } from '@vue/test-utils';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { h, nextTick } from 'vue';
import WindowList from '../../../../renderer/src/ui/WindowList.vue';

/** Everything is as high as a row here: the head, the column heads and each row. */
const ROW = 50;
const VIEW = 500;
let wrapper: VueWrapper;

/** The report that a browser makes at its first layout; this environment lays nothing out. */
class FirstReport {
  readonly #report: () => void;

  constructor(report: () => void) {
    this.#report = report;
  }

  observe(): void {
    queueMicrotask(this.#report);
  }

  disconnect(): void {
    this.observe = () => undefined;
  }
}

beforeEach(() => {
  vi.spyOn(HTMLElement.prototype, 'offsetHeight', 'get').mockReturnValue(ROW);
  vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(VIEW);
  vi.stubGlobal('ResizeObserver', FirstReport);
});
afterEach(() => {
  wrapper.unmount();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

async function show(count: number, start?: number): Promise<void> {
  wrapper = mount(WindowList, {
    attachTo: document.body,
    props: { count, at: (index: number) => `row ${String(index)}`, label: 'Rows', ...(start ? { start } : {}) },
    slots: {
      columns: () => h('span', { role: 'columnheader' }, 'Name'),
      row: (row: { item: unknown; index: number; tabindex: number; top: string }) =>
        h('div', { role: 'row', 'data-row': '', 'data-index': row.index, tabindex: row.tabindex }, String(row.item)),
    },
  });
  for (let turn = 0; turn < 4; turn += 1) await nextTick();
}

const shown = (): number[] => wrapper.findAll('[data-row]').map((row) => Number(row.attributes('data-index')));
const scroller = (): HTMLElement => wrapper.get('.scroller').element as HTMLElement;
async function scrollTo(top: number): Promise<void> {
  scroller().scrollTop = top;
  await wrapper.get('.scroller').trigger('scroll');
}
const focusedIndex = (): number => Number((document.activeElement as HTMLElement | null)?.dataset['index']);
async function press(key: string, more: KeyboardEventInit = {}): Promise<void> {
  document.activeElement?.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, ...more }));
  await nextTick();
  await nextTick();
}

describe('a table of any length', () => {
  test('a few of twenty thousand rows exist, and what is needed is said', async () => {
    await show(20_000);
    expect(shown().length).toBeLessThan(40);
    await scrollTo(500_000);
    expect(shown()).toContain(10_000);
    expect(shown()).not.toContain(9_000);
    // The first row stays: it is in the tab order.
    expect(shown()).toContain(0);
    const [start, end] = wrapper.emitted<[number, number]>('range')?.at(-1) ?? [0, 0];
    expect(start).toBeLessThan(10_000);
    expect(end).toBeGreaterThan(10_000);
    expect(wrapper.get('[role="grid"]').attributes('aria-rowcount')).toBe('20001');
  });

  test('keys go from row to row and to the ends, and scroll as far as needed', async () => {
    await show(20_000);
    wrapper.get<HTMLElement>('[data-index="0"]').element.focus();
    await press('ArrowDown');
    expect(focusedIndex()).toBe(1);
    expect(scroller().scrollTop).toBe(0);
    await press('End');
    expect(focusedIndex()).toBe(19_999);
    // Head, column heads and all rows, less what fits.
    expect(scroller().scrollTop).toBe(ROW + ROW + 20_000 * ROW - VIEW);
    await press('Home');
    expect([focusedIndex(), scroller().scrollTop]).toEqual([0, 0]);
    await press('PageDown', { shiftKey: true });
    expect(focusedIndex()).toBe(8);
    expect(wrapper.emitted('moved')?.at(-1)).toEqual([8, true]);
  });

  test('an empty list has no table', async () => {
    await show(0);
    expect(wrapper.find('[role="grid"]').exists()).toBe(false);
  });
});
