// @vitest-environment happy-dom
/** The page's own title bar: there while the system's buttons lie over the page, with a menu where there is no menu bar. */
import { mount } from '@vue/test-utils';
import { createPinia, setActivePinia } from 'pinia';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { defineComponent, h, nextTick } from 'vue';
import type { Snapshot } from '#contract/ipc/views.ts';
import TitleBar from '../../../../renderer/src/features/app/TitleBar.vue';
import { i18n, setLocale } from '../../../../renderer/src/i18n/index.ts';
import { useDesktopStore } from '../../../../renderer/src/stores/desktop.ts';
import { useEnvironmentStore } from '../../../../renderer/src/stores/environment.ts';
import { useTitleBar } from '../../../../renderer/src/ui/title-bar.ts';

beforeEach(async () => {
  setActivePinia(createPinia());
  await setLocale('en', 'en-US');
});
afterEach(() => {
  Reflect.deleteProperty(navigator, 'windowControlsOverlay');
});

const follower = () =>
  mount(
    defineComponent({
      setup() {
        const visible = useTitleBar();
        return () => h('p', String(visible.value));
      },
    }),
  );

it('is not there where the system draws it', () => {
  expect(follower().text()).toBe('false');
});

it('comes and goes with the buttons of the system', async () => {
  const overlay = Object.assign(new EventTarget(), { visible: true });
  Object.defineProperty(navigator, 'windowControlsOverlay', { value: overlay, configurable: true });
  const page = follower();
  expect(page.text()).toBe('true');
  // The window fills the screen.
  overlay.visible = false;
  overlay.dispatchEvent(new Event('geometrychange'));
  await nextTick();
  expect(page.text()).toBe('false');
  const removed = vi.spyOn(overlay, 'removeEventListener');
  page.unmount();
  expect(removed).toHaveBeenCalledWith('geometrychange', expect.any(Function));
});

it.each([
  ['win32', 1],
  ['darwin', 0],
] as const)('opens the menu of the application on %s', async (platform, buttons) => {
  useEnvironmentStore().load({ platform, version: '1', systemLocale: 'en' } as Snapshot);
  const asked = vi.fn();
  useDesktopStore().showMenu = asked;
  const bar = mount(TitleBar, { global: { plugins: [i18n] } });
  const found = bar.findAll('button');
  expect(found).toHaveLength(buttons);
  for (const button of found) {
    expect(button.attributes('aria-label')).toBe('Menu');
    await button.trigger('click');
  }
  expect(asked.mock.calls).toEqual(found.map(() => [{ x: 0, y: 0 }]));
});
