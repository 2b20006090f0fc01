// @vitest-environment happy-dom
/** What is kept on this computer, in the settings. */
import { flushPromises, mount, type VueWrapper } from '@vue/test-utils';
import { createPinia, setActivePinia } from 'pinia';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { fail, ok } from '#contract/model/errors.ts';
import StorageSection from '../../../renderer/src/features/settings/StorageSection.vue';
import { i18n, setLocale } from '../../../renderer/src/i18n/index.ts';
import { useUiStore } from '../../../renderer/src/stores/ui.ts';
import { installBridge, OF_ACCOUNT } from './bridge-double.ts';

const LIMITS = { least: 64_000_000, most: 256_000_000_000 };
let page: VueWrapper | undefined;
let [used, limit] = [0, 0];
let refusing = false;

beforeEach(async () => {
  setActivePinia(createPinia());
  await setLocale('en', 'en-US');
  [used, limit, refusing] = [123_456_789, 1_000_000_000, false];
  const view = () => Promise.resolve(refusing ? fail('storage_failed', 'full') : ok({ used, limit, ...LIMITS }));
  installBridge({
    storage: {
      read: view,
      clear: () => (refusing || (used = 0), view()),
      setLimit: (input) => ((limit = input.limit), view()),
    },
  });
});
afterEach(() => page?.unmount());

async function show(): Promise<VueWrapper> {
  page = mount(StorageSection, { attachTo: document.body, global: { plugins: [i18n], provide: OF_ACCOUNT } });
  await flushPromises();
  return page;
}
const chosen = (section: VueWrapper): string =>
  section.findAll<HTMLInputElement>('input').find(({ element }) => element.checked)?.element.value ?? 'none';
const said = (): string[] => useUiStore().toasts.map(({ text }) => text);

describe('the media on this computer', () => {
  test('says how much there is and may be, and can be cleared', async () => {
    const section = await show();
    expect(section.text()).toContain('123 MB of 1 GB');
    await section.get('button').trigger('click');
    await flushPromises();
    expect(section.text()).toContain('0 bytes of 1 GB');
    expect(section.get('button').attributes('disabled')).toBeDefined();
    expect(said()).toEqual(['Media cleared. The files are still in your chats.']);
  });

  test('may be more or less of it', async () => {
    const section = await show();
    expect(chosen(section)).toBe('1000000000');
    await section.get('input[value="5000000000"]').setValue();
    await flushPromises();
    expect([limit, chosen(section)]).toEqual([5_000_000_000, '5000000000']);
    expect(section.text()).toContain('of 5 GB');
  });

  test('a disk that refuses is told in words', async () => {
    const section = await show();
    refusing = true;
    await section.get('button').trigger('click');
    await flushPromises();
    expect(section.text()).toContain('123 MB of 1 GB');
    expect(said()).toHaveLength(1);
  });
});
