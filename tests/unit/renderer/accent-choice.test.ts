// @vitest-environment happy-dom
import { flushPromises, mount, type VueWrapper } from '@vue/test-utils';
import { createPinia } from 'pinia';
import { afterEach, expect, test } from 'vitest';
import { defineComponent, h } from 'vue';
import type { ChannelInput } from '#contract/ipc/channels.ts';
import { ACCENTS } from '#contract/ipc/views.ts';
import { ok } from '#contract/model/errors.ts';
import { useAppearance } from '../../../renderer/src/features/app/use-appearance.ts';
import AccentChoice from '../../../renderer/src/features/settings/AccentChoice.vue';
import { i18n, setLocale } from '../../../renderer/src/i18n/index.ts';
import { LOCALES } from '../../../renderer/src/i18n/locale.ts';
import { installBridge, SETTINGS } from './bridge-double.ts';

let page: VueWrapper | undefined;
afterEach(() => {
  page?.unmount();
  delete document.documentElement.dataset['accent'];
});

/** The choice on a page that follows it. */
async function show(locale: (typeof LOCALES)[number]) {
  const asked: ChannelInput<'settings.update'>[] = [];
  installBridge({
    settings: {
      update: (patch) => {
        asked.push(patch);
        return Promise.resolve(ok({ ...SETTINGS, accent: patch.accent ?? SETTINGS.accent }));
      },
    },
  });
  await setLocale(locale, locale);
  const Page = defineComponent({
    setup() {
      useAppearance();
      return () => h(AccentChoice);
    },
  });
  page = mount(Page, { attachTo: document.body, global: { plugins: [createPinia(), i18n] } });
  return { page, asked };
}

test.each(LOCALES)('every accent is offered by a name of its own (%s)', async (locale) => {
  const { page } = await show(locale);
  const radios = page.findAll<HTMLInputElement>('input[type="radio"]');
  expect(radios.map(({ element }) => element.value)).toEqual(ACCENTS);
  const names = radios.map(({ element }) => element.closest('label')?.textContent.trim());
  expect(new Set(names).size).toBe(ACCENTS.length);
  expect(names.every((name) => name !== undefined && /^\p{Lu}/u.test(name))).toBe(true);
  // A sample shows its own colour, whichever is chosen.
  expect(page.findAll('.sample').map((sample) => sample.attributes('data-accent'))).toEqual(ACCENTS);
});

test('what is chosen is asked of main and stands on the document', async () => {
  const { page, asked } = await show('en');
  expect(document.documentElement.dataset['accent']).toBe('indigo');
  await page.get('input[value="green"]').setValue();
  await flushPromises();
  expect(asked).toEqual([{ accent: 'green' }]);
  expect(document.documentElement.dataset['accent']).toBe('green');
  expect(page.get<HTMLInputElement>('input[value="green"]').element.checked).toBe(true);
});
