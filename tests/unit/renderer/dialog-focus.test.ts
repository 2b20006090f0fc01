// @vitest-environment happy-dom
/** Where a dialog's keyboard begins: in the field that is typed in, or on the button that does no harm. */
import { flushPromises, mount, type VueWrapper } from '@vue/test-utils';
import { createPinia, setActivePinia } from 'pinia';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import LogOutDialog from '../../../renderer/src/features/auth/LogOutDialog.vue';
import ForwardDialog from '../../../renderer/src/features/conversation/ForwardDialog.vue';
import { i18n, setLocale } from '../../../renderer/src/i18n/index.ts';
import { useChatsStore } from '../../../renderer/src/stores/account/chats.ts';
import { useUiStore } from '../../../renderer/src/stores/ui.ts';
import { ACCOUNT, chatView, OF_ACCOUNT } from './bridge-double.ts';
import { stored } from './conversation/message.ts';

let page: VueWrapper | undefined;
const settle = async (): Promise<void> => {
  await flushPromises();
  await vi.waitFor(() => expect(document.activeElement?.closest('[role="dialog"]')).not.toBeNull());
};
beforeEach(async () => {
  setActivePinia(createPinia());
  await setLocale('en', 'en-GB');
});
afterEach(() => {
  page?.unmount();
  document.body.replaceChildren();
});

test('logging out begins on Cancel', async () => {
  useUiStore().open('log-out');
  page = mount(LogOutDialog, { attachTo: document.body, global: { plugins: [i18n], provide: OF_ACCOUNT } });
  await settle();
  expect(document.activeElement?.textContent).toBe('Cancel');
});

test('forwarding begins in its filter; Enter takes the first hit, and the next can be typed', async () => {
  const chats = ['Anna', 'Boris', 'Bo'].map((title) => chatView(title, { title }));
  useChatsStore(ACCOUNT).apply({ kind: 'chats:reset', chats, more: false });
  page = mount(ForwardDialog, {
    props: { open: true, messages: [stored(1)] },
    attachTo: document.body,
    global: { plugins: [i18n], provide: OF_ACCOUNT },
  });
  await settle();
  const field = document.activeElement;
  if (!(field instanceof HTMLInputElement)) throw new Error('the filter has no focus');
  expect(field.type).toBe('search');
  const enter = async (text: string): Promise<string[]> => {
    field.value = text;
    field.dispatchEvent(new Event('input', { bubbles: true }));
    await flushPromises();
    field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true }));
    await flushPromises();
    return [...document.querySelectorAll('label.row')]
      .filter((label) => label.querySelector('input')?.checked)
      .map((label) => label.querySelector('.title')?.textContent ?? '');
  };
  expect(await enter('')).toEqual([]);
  expect(await enter('ann')).toEqual(['Anna']);
  expect(field.value).toBe('');
  expect(await enter('bor')).toEqual(['Anna', 'Boris']);
  expect(await enter('bor')).toEqual(['Anna', 'Boris']);
});
