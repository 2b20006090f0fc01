// @vitest-environment happy-dom
/** Menus by pointer and by key: what opens, where the focus goes, and when a choice runs. */
import { flushPromises, mount, type VueWrapper } from '@vue/test-utils';
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { h, ref } from 'vue';
import ContextMenu from '../../../../renderer/src/ui/ContextMenu.vue';
import DropdownMenu from '../../../../renderer/src/ui/DropdownMenu.vue';
import type { MenuEntry } from '../../../../renderer/src/ui/menu.ts';

const ENTRIES: MenuEntry[] = [
  { kind: 'action', id: 'open', label: 'Open' },
  { kind: 'action', id: 'mute', label: 'Mute' },
];

/** Milliseconds; the panel's code is large. */
const PATIENCE = 15_000;
beforeAll(() => import('../../../../renderer/src/ui/MenuPanel.vue'));

let page: VueWrapper | null = null;
afterEach(() => {
  page?.unmount();
  page = null;
  document.body.replaceChildren();
});

/** Waits for the panel, which is loaded when it is first needed. */
const settled = (isOpen: boolean) =>
  vi.waitFor(async () => {
    await flushPromises();
    expect(document.querySelectorAll('[role="menu"]')).toHaveLength(isOpen ? 1 : 0);
  }, PATIENCE);
const items = () => [...document.querySelectorAll<HTMLElement>('[role="menuitem"]')];
const press = (element: Element, key: string) =>
  element.dispatchEvent(
    new KeyboardEvent('keydown', { key, code: key === ' ' ? 'Space' : key, bubbles: true, cancelable: true }),
  );

describe('a button with a menu', () => {
  const chosen: string[] = [];
  const clicks = vi.fn();
  const open = (): HTMLButtonElement => {
    chosen.length = 0;
    clicks.mockClear();
    const Page = {
      setup: () => () =>
        h(DropdownMenu, { entries: ENTRIES, onSelect: (id: string) => void chosen.push(id) }, () =>
          h('button', { class: 'own', onClick: clicks }, 'More'),
        ),
    };
    page = mount(Page, { attachTo: document.body });
    const button = page.get('button').element;
    button.focus();
    return button;
  };

  test('says what it is, and keeps its own attributes and listeners', async () => {
    const button = open();
    expect(button.className).toBe('own');
    expect([button.getAttribute('aria-haspopup'), button.getAttribute('aria-expanded')]).toEqual(['menu', 'false']);
    button.click();
    await settled(true);
    expect(clicks).toHaveBeenCalledOnce();
    expect(button.getAttribute('aria-expanded')).toBe('true');
    const menu = document.querySelector('[role="menu"]');
    expect(menu?.id).toBe(button.getAttribute('aria-controls'));
    expect(menu?.getAttribute('aria-labelledby')).toBe(button.id);
    button.click();
    await settled(false);
  });

  test.each(['Enter', ' ', 'ArrowDown'])('opens by the key "%s", with the first entry focused', async (key) => {
    press(open(), key);
    await settled(true);
    expect(document.activeElement?.textContent).toBe('Open');
  });

  test('a choice runs once, after the focus is back at the button', async () => {
    const button = open();
    press(button, 'Enter');
    await settled(true);
    let focusThen: Element | null = null;
    vi.spyOn(chosen, 'push').mockImplementation((id) => {
      focusThen = document.activeElement;
      return Array.prototype.push.call(chosen, id);
    });
    items()[1]?.click();
    await settled(false);
    await vi.waitFor(() => expect([...chosen]).toEqual(['mute']), PATIENCE);
    expect(focusThen).toBe(button);
  });

  test('Escape closes it and chooses nothing', async () => {
    const button = open();
    press(button, 'Enter');
    await settled(true);
    press(document.activeElement ?? button, 'Escape');
    await settled(false);
    await vi.waitFor(() => expect(document.activeElement).toBe(button), PATIENCE);
    expect(chosen).toEqual([]);
  });
});

describe('a menu of a list', () => {
  const aimed: string[] = [];
  const open = (entriesOf: (row: string) => MenuEntry[]): HTMLElement[] => {
    aimed.length = 0;
    const Page = {
      setup() {
        const entries = ref<MenuEntry[]>([]);
        const onAim = (element: Element): void => {
          aimed.push(element.id);
          entries.value = entriesOf(element.id);
        };
        return () =>
          h(ContextMenu, { entries: entries.value, onAim }, () =>
            h(
              'div',
              ['one', 'two'].map((id) => h('button', { id }, id)),
            ),
          );
      },
    };
    page = mount(Page, { attachTo: document.body });
    return page.findAll('button').map(({ element }) => element);
  };
  const contextMenu = (element: Element | undefined, button: number): MouseEvent => {
    const event = new MouseEvent('contextmenu', { bubbles: true, cancelable: true, button, clientX: 5, clientY: 6 });
    element?.dispatchEvent(event);
    return event;
  };

  test('opens for what is under the pointer; the first entry is not focused', async () => {
    const [, two] = open(() => ENTRIES);
    const event = contextMenu(two, 2);
    await settled(true);
    expect([aimed, event.defaultPrevented]).toEqual([['two'], true]);
    expect(document.activeElement?.getAttribute('role')).toBe('menu');
  });

  test('by key the first entry is focused, and Escape gives the focus back', async () => {
    const [one] = open(() => ENTRIES);
    one?.focus();
    contextMenu(one, 0);
    await settled(true);
    expect(document.activeElement?.textContent).toBe('Open');
    press(document.activeElement ?? document.body, 'Escape');
    await settled(false);
    await vi.waitFor(() => expect(document.activeElement).toBe(one), PATIENCE);
  });

  test('without entries neither this menu nor the system’s opens', async () => {
    const [one] = open(() => []);
    const event = contextMenu(one, 2);
    await flushPromises();
    expect(event.defaultPrevented).toBe(true);
    await settled(false);
  });
});
