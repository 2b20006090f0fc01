// @vitest-environment happy-dom
import { mount, type VueWrapper } from '@vue/test-utils';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { h, nextTick } from 'vue';
import { watchPresses } from '../../../../renderer/src/ui/press.ts';
import RowList from '../../../../renderer/src/ui/RowList.vue';

const ROW = 64;
const VIEW = 640;
let wrapper: VueWrapper | undefined;
afterEach(() => {
  wrapper?.unmount();
  vi.restoreAllMocks();
});

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

describe('a list of rows', () => {
  beforeEach(() => {
    vi.spyOn(HTMLElement.prototype, 'offsetHeight', 'get').mockReturnValue(ROW);
    vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(VIEW);
    vi.stubGlobal('ResizeObserver', FirstReport);
  });
  afterEach(() => void vi.unstubAllGlobals());

  async function show(count: number, current: string | null = null, start: number | null = null): Promise<VueWrapper> {
    wrapper = mount(RowList, {
      attachTo: document.body,
      props: {
        items: Array.from({ length: count }, (_, index) => `row-${String(index)}`),
        keyOf: (item: unknown) => String(item),
        label: 'Rows',
        current,
        start,
      },
      slots: {
        default: (row: { item: string; tabindex: number }) =>
          h('a', { href: '#', 'data-row': '', tabindex: row.tabindex, id: row.item }, row.item),
      },
    });
    // The first report, then the rows that it makes known.
    await nextTick();
    await nextTick();
    return wrapper;
  }
  const focused = () => document.activeElement?.id;
  const press = async (page: VueWrapper, key: string) => {
    const target = document.activeElement;
    target?.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
    await nextTick();
    await nextTick();
    return page;
  };

  test('of ten thousand only those in sight stand in the document, each with its place', async () => {
    const page = await show(10_000);
    const rows = page.findAll('li');
    expect(rows.length).toBeLessThan(30);
    expect(rows[3]?.attributes()).toMatchObject({ 'aria-posinset': '4', 'aria-setsize': '10000' });
    expect(page.get('ul').attributes('style')).toContain(`height: ${String(10_000 * ROW)}px`);
  });

  test('begins where it was left; without a place, with the open row in sight', async () => {
    const top = (page: VueWrapper): number => page.get('.scroller').element.scrollTop;
    const left = await show(10_000, 'row-50', 4000 * ROW);
    expect(top(left)).toBe(4000 * ROW);
    expect(left.find('[id="row-4000"]').exists()).toBe(true);
    left.unmount();
    const fresh = await show(10_000, 'row-50');
    expect(top(fresh)).toBe(51 * ROW - VIEW);
    fresh.unmount();
  });

  test('tells how far it is scrolled, by whoever it was', async () => {
    const page = await show(10_000, 'row-0', 0);
    const scroller = page.get('.scroller');
    scroller.element.scrollTop = 300;
    await scroller.trigger('scroll');
    await page.setProps({ current: 'row-9000' });
    expect(page.emitted('scrolled')?.flat()).toEqual([300, 9001 * ROW - VIEW]);
    page.unmount();
  });

  test('one row can be reached by Tab: the open one, else the first', async () => {
    const page = await show(100);
    expect(page.findAll('[tabindex="0"]').map((row) => row.text())).toEqual(['row-0']);
    page.unmount();
    const other = await show(100, 'row-90');
    expect(other.findAll('[tabindex="0"]').map((row) => row.text())).toEqual(['row-90']);
  });

  test('the arrows and their kin move the focus, also to rows that are not drawn yet', async () => {
    const page = await show(1_000);
    page.get<HTMLElement>('#row-0').element.focus();
    const steps: [string, string][] = [
      ['ArrowUp', 'row-0'],
      ['ArrowDown', 'row-1'],
      ['PageDown', 'row-10'],
      ['End', 'row-999'],
      ['ArrowDown', 'row-999'],
      ['PageUp', 'row-990'],
      ['Home', 'row-0'],
    ];
    for (const [key, want] of steps) {
      await press(page, key);
      expect(focused(), key).toBe(want);
    }
    expect(page.findAll('li').length).toBeLessThan(30);
  });

  test('the focused row keeps the focus when it moves in the order', async () => {
    const page = await show(10);
    page.get<HTMLElement>('#row-2').element.focus();
    await page.setProps({ items: ['row-9', 'row-2', 'row-0'] });
    expect(page.findAll('[tabindex="0"]').map((row) => row.text())).toEqual(['row-2']);
    expect(focused()).toBe('row-2');
    await press(page, 'ArrowDown');
    expect(focused()).toBe('row-0');
  });

  describe('while the pointer is down', () => {
    const order = (page: VueWrapper): string[] => page.findAll('[data-row]').map((row) => row.text());
    const point = (type: string, buttons: number): boolean =>
      document.body.dispatchEvent(new PointerEvent(type, { bubbles: true, buttons }));
    let stop: () => void;
    beforeEach(() => {
      vi.useFakeTimers();
      stop = watchPresses();
    });
    afterEach(() => {
      stop();
      vi.useRealTimers();
    });

    test.each([
      ['it is released', 'pointerup'],
      // As after a scroll bar was dragged, of whose release nothing is told.
      ['it moves with no button down', 'pointermove'],
    ])('the rows keep their places until %s', async (_when, end) => {
      const page = await show(3);
      point('pointerdown', 1);
      await page.setProps({ items: ['row-2', 'row-0', 'row-1'] });
      await page.setProps({ items: ['row-1', 'row-2', 'row-0'] });
      point('pointermove', 1);
      vi.runAllTimers();
      await nextTick();
      expect(order(page)).toEqual(['row-0', 'row-1', 'row-2']);
      point(end, 0);
      await nextTick();
      expect(order(page), 'the click comes after the release').toEqual(['row-0', 'row-1', 'row-2']);
      vi.runAllTimers();
      await nextTick();
      expect(order(page)).toEqual(['row-1', 'row-2', 'row-0']);
    });
  });
});
