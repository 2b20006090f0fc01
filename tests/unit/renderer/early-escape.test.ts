// @vitest-environment happy-dom
import { mount } from '@vue/test-utils';
import { createPinia, setActivePinia } from 'pinia';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { h } from 'vue';
import { useEarlyEscape } from '../../../renderer/src/features/shell/use-early-escape.ts';
import { useUiStore } from '../../../renderer/src/stores/ui.ts';

const Shell = {
  setup() {
    useEarlyEscape();
    return () => h('textarea');
  },
};
const escape = (): boolean =>
  document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true, cancelable: true }));

beforeEach(() => setActivePinia(createPinia()));
afterEach(() => document.body.replaceChildren());

test('Escape takes back the wish for a dialog that has not come yet, and nothing else', () => {
  const ui = useUiStore();
  const shell = mount(Shell, { attachTo: document.body });
  expect(escape()).toBe(true);
  ui.open('palette');
  expect(escape()).toBe(false);
  expect(ui.overlay).toBeNull();
  ui.open('new-chat');
  const dialog = document.createElement('div');
  dialog.setAttribute('role', 'dialog');
  document.body.append(dialog);
  expect(escape()).toBe(true);
  expect(ui.overlay).toBe('new-chat');
  shell.unmount();
});
