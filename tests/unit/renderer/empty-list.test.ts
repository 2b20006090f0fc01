// @vitest-environment happy-dom
import { mount, type VueWrapper } from '@vue/test-utils';
import { createPinia, setActivePinia } from 'pinia';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { ChatView } from '#contract/ipc/views.ts';
import ChatListPane from '../../../renderer/src/features/chats/ChatListPane.vue';
import { i18n, setLocale } from '../../../renderer/src/i18n/index.ts';
import { useChatsStore } from '../../../renderer/src/stores/account/chats.ts';
import { useConnectionStore } from '../../../renderer/src/stores/account/connection.ts';
import EmptyArt from '../../../renderer/src/ui/EmptyArt.vue';
import { ACCOUNT, chatView, installBridge, OF_ACCOUNT } from './bridge-double.ts';

let page: VueWrapper | undefined;
beforeEach(() => setLocale('en', 'en-US'));
afterEach(() => {
  page?.unmount();
  vi.unstubAllGlobals();
});

/** The column of chats, signed in and with everything told, in a window of one column or of two. */
function show({ compact, chats = [] }: { compact: boolean; chats?: ChatView[] }): VueWrapper {
  installBridge({});
  vi.stubGlobal('matchMedia', () => ({ matches: compact, addEventListener: vi.fn(), removeEventListener: vi.fn() }));
  const pinia = createPinia();
  setActivePinia(pinia);
  useChatsStore(ACCOUNT).apply({ kind: 'chats:reset', chats, more: false });
  useConnectionStore(ACCOUNT).apply({ kind: 'connection', connection: { phase: 'live', retryAt: null, reason: null } });
  page = mount(ChatListPane, { global: { plugins: [pinia, i18n], provide: OF_ACCOUNT } });
  return page;
}

test('beside the welcome an empty list says one thing and asks for nothing', () => {
  const page = show({ compact: false });
  expect(page.text()).toContain('No chats yet');
  expect(page.findComponent(EmptyArt).exists()).toBe(false);
  expect(page.find('[data-home]').exists()).toBe(false);
});

test('alone it has the picture and the way on', () => {
  const page = show({ compact: true });
  expect(page.findComponent(EmptyArt).exists()).toBe(true);
  expect(page.get('[data-home]').text()).toBe('New chat');
});

test('with every chat archived there is no welcome beside it', () => {
  const page = show({ compact: false, chats: [chatView('a', { archived: true })] });
  expect(page.findComponent(EmptyArt).exists()).toBe(true);
});
