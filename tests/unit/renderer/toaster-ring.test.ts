// @vitest-environment happy-dom
/** What is told in passing does not cover a ring: it waits until that is answered or put aside. */
import { mount } from '@vue/test-utils';
import { createPinia, setActivePinia } from 'pinia';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { nextTick } from 'vue';
import Toaster from '../../../renderer/src/features/app/Toaster.vue';
import { i18n, setLocale } from '../../../renderer/src/i18n/index.ts';
import { useCallsStore } from '../../../renderer/src/stores/calls.ts';
import { useUiStore } from '../../../renderer/src/stores/ui.ts';
import { ACCOUNT, installBridge } from './bridge-double.ts';
import { callView } from './calls/doubles.ts';

vi.mock('../../../renderer/src/engines/ring.ts', () => ({
  createRing: () => ({ play: () => undefined, end: () => undefined }),
}));

beforeEach(async () => {
  vi.useFakeTimers();
  setActivePinia(createPinia());
  installBridge({});
  await setLocale('en', 'en-GB');
});
afterEach(() => vi.useRealTimers());

test('a word waits while it rings, for its whole time; a failure is shown at once', async () => {
  const calls = useCallsStore();
  const ui = useUiStore();
  const page = mount(Toaster, { global: { plugins: [i18n] } });
  const shown = (): string[] => page.findAll('.text').map((text) => text.text());
  ui.toast('Call ended, 0:12');
  await nextTick();
  expect(shown()).toEqual(['Call ended, 0:12']);
  calls.applyOf(ACCOUNT)({ kind: 'call', call: callView('a', { incoming: true }) });
  ui.toast('That didn’t work', { tone: 'error' });
  await nextTick();
  expect(shown()).toEqual(['That didn’t work']);
  vi.advanceTimersByTime(60_000);
  calls.putAside('a');
  await nextTick();
  expect(shown()).toEqual(['Call ended, 0:12', 'That didn’t work']);
  vi.advanceTimersByTime(6_000);
  await nextTick();
  expect(shown()).toEqual([]);
  page.unmount();
});
