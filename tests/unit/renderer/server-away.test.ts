// @vitest-environment happy-dom
/** What the page says and offers while the server is away. */
import { flushPromises, mount, type VueWrapper } from '@vue/test-utils';
import { createPinia, setActivePinia } from 'pinia';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Component } from 'vue';
import { createMemoryHistory, createRouter } from 'vue-router';
import type { ConnectionView, UserView } from '#contract/ipc/views.ts';
import { fail, ok, type Result } from '#contract/model/errors.ts';
import NewChatDialog from '../../../renderer/src/features/people/NewChatDialog.vue';
import ConnectionStrip from '../../../renderer/src/features/shell/ConnectionStrip.vue';
import { i18n, setLocale } from '../../../renderer/src/i18n/index.ts';
import { useConnectionStore } from '../../../renderer/src/stores/account/connection.ts';
import { useUiStore } from '../../../renderer/src/stores/ui.ts';
import { watchPresses } from '../../../renderer/src/ui/press.ts';
import { ACCOUNT, chatView, deferred, installBridge, OF_ACCOUNT, userView } from './bridge-double.ts';

let page: VueWrapper | undefined;
const router = createRouter({
  history: createMemoryHistory(),
  routes: [{ path: '/:account/:chatId?', name: 'chats', component: {} }],
});

function show(component: Component): VueWrapper {
  page = mount(component, { attachTo: document.body, global: { plugins: [i18n, router], provide: OF_ACCOUNT } });
  return page;
}
function connection(phase: ConnectionView['phase'], reason: ConnectionView['reason'] = 'server_unreachable'): void {
  useConnectionStore(ACCOUNT).apply({ kind: 'connection', connection: { phase, retryAt: null, reason } });
}

beforeEach(async () => {
  setActivePinia(createPinia());
  await setLocale('en', 'en-GB');
});
afterEach(() => {
  page?.unmount();
  document.body.replaceChildren();
  vi.useRealTimers();
});

describe('try now', () => {
  test.each(['waiting', 'offline'] as const)('is offered while %s, and tries', async (phase) => {
    const tryNow = vi.fn(() => Promise.resolve(ok(null)));
    installBridge({ app: { tryNow } });
    const strip = show(ConnectionStrip);
    connection(phase);
    await flushPromises();
    await strip.get('button').trigger('click');
    expect(tryNow).toHaveBeenCalledTimes(1);
  });

  test('the strip neither comes nor goes between press and release', async () => {
    const stop = watchPresses();
    const strip = show(ConnectionStrip);
    const press = (): boolean => document.body.dispatchEvent(new PointerEvent('pointerdown', { bubbles: true }));
    const release = async (): Promise<void> => {
      document.body.dispatchEvent(new PointerEvent('pointerup', { bubbles: true }));
      await new Promise((resolve) => setTimeout(resolve));
    };
    press();
    connection('waiting');
    await flushPromises();
    expect(strip.find('.strip').exists()).toBe(false);
    await release();
    expect(strip.find('.strip').exists()).toBe(true);
    press();
    connection('live', null);
    await flushPromises();
    expect(strip.find('.strip').exists()).toBe(true);
    await release();
    expect(strip.find('.strip').exists()).toBe(false);
    stop();
  });

  test('the strip stays while it is tried, and goes when the server is there', async () => {
    const strip = show(ConnectionStrip);
    connection('waiting');
    await flushPromises();
    connection('connecting');
    await flushPromises();
    expect(strip.text()).toContain('Connecting');
    expect(strip.find('button').exists()).toBe(true);
    connection('live', null);
    await flushPromises();
    expect(strip.text()).toBe('');
  });

  test('a first connection says nothing before it takes long', async () => {
    const strip = show(ConnectionStrip);
    connection('connecting', null);
    await flushPromises();
    expect(strip.text()).toBe('');
  });
});

describe('new chat', () => {
  async function ask(text: string): Promise<HTMLInputElement> {
    vi.useFakeTimers();
    useUiStore().open('new-chat');
    show(NewChatDialog);
    await vi.advanceTimersByTimeAsync(0);
    const field = document.querySelector('input');
    if (!field) throw new Error('no field');
    field.value = text;
    field.dispatchEvent(new Event('input', { bubbles: true }));
    await flushPromises();
    return field;
  }

  test('says that the server is away, and blames no address', async () => {
    installBridge({ users: { search: () => Promise.resolve(fail('server_unreachable', 'x')) } });
    await ask('anna');
    await vi.advanceTimersByTimeAsync(300);
    await flushPromises();
    expect(document.body.textContent).toContain('Can’t reach the server right now');
    expect(document.body.textContent).not.toMatch(/address/i);
  });

  test('Enter takes the first hit of what was typed, also when the answer is still on its way', async () => {
    const answer = deferred<Result<UserView[]>>();
    const create = vi.fn(() => Promise.resolve(ok(chatView('c1'))));
    installBridge({ users: { search: () => answer.promise }, chats: { create } });
    const field = await ask('anna');
    field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true }));
    await vi.advanceTimersByTimeAsync(300);
    expect(create).not.toHaveBeenCalled();
    answer.resolve(ok([userView('anna'), userView('annabel')]));
    await flushPromises();
    expect(create).toHaveBeenCalledWith({ accountId: ACCOUNT, userId: 'anna' });
  });
});
