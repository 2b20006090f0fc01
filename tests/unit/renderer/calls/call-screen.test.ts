// @vitest-environment happy-dom
/** The screen of a running call, and that it is never left standing without one. */
import { flushPromises, mount } from '@vue/test-utils';
import { createPinia, setActivePinia } from 'pinia';
import { beforeEach, expect, test, vi } from 'vitest';
import { createMemoryHistory, createRouter, type Router } from 'vue-router';
import CallScreen from '../../../../renderer/src/features/calls/CallScreen.vue';
import { i18n } from '../../../../renderer/src/i18n/index.ts';
import { useCallsStore } from '../../../../renderer/src/stores/calls.ts';
import { ACCOUNT, installBridge } from '../bridge-double.ts';
import { callView } from './doubles.ts';

vi.mock('../../../../renderer/src/engines/ring.ts', () => ({
  createRing: () => ({ play: () => undefined, end: () => undefined }),
}));

const component = { template: '<p />' };

async function atCall(): Promise<Router> {
  const router = createRouter({
    history: createMemoryHistory(),
    routes: [
      { path: '/', component },
      { path: '/a/:account/chats/:chatId?', name: 'chats', component },
      { path: '/a/:account/call', name: 'call', component },
    ],
  });
  await router.push({ name: 'call', params: { account: ACCOUNT } });
  mount(CallScreen, { global: { plugins: [i18n, router] } });
  await flushPromises();
  return router;
}

beforeEach(() => {
  setActivePinia(createPinia());
  installBridge({});
});

test('a call that ended while its screen was loading leaves no empty screen behind', async () => {
  const router = await atCall();
  expect(router.currentRoute.value.fullPath).toBe('/');
});

test('a call that ends is left for its chat', async () => {
  const calls = useCallsStore();
  const apply = calls.applyOf(ACCOUNT);
  apply({ kind: 'call', call: callView('one', { state: 'starting' }) });
  const router = await atCall();
  expect(router.currentRoute.value.name).toBe('call');
  apply({ kind: 'call', call: callView('one', { state: 'ended', end: 'missed' }) });
  await flushPromises();
  expect(router.currentRoute.value.name).toBe('chats');
  expect(router.currentRoute.value.params).toEqual({ account: ACCOUNT, chatId: 'chat' });
});
