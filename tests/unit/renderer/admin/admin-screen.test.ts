// @vitest-environment happy-dom
/** The administrator's console: the log-in before everything, lists with their pages, and the end of a session. */
import { flushPromises, mount, type VueWrapper } from '@vue/test-utils';
import { createPinia, setActivePinia } from 'pinia';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createMemoryHistory, createRouter } from 'vue-router';
import type { ChannelInput, ChannelOutput } from '#contract/ipc/channels.ts';
import { fail, ok, type Result } from '#contract/model/errors.ts';
import AdminScreen from '../../../../renderer/src/features/admin/AdminScreen.vue';
import { i18n, setLocale } from '../../../../renderer/src/i18n/index.ts';
import { useAccountsStore } from '../../../../renderer/src/stores/accounts.ts';
import { useUiStore } from '../../../../renderer/src/stores/ui.ts';
import { ACCOUNT, accountsView, accountView, installBridge, OF_ACCOUNT } from '../bridge-double.ts';

const SERVER = 'https://relay.example';
const asked: (ChannelInput<'admin.users'> | ChannelInput<'admin.messages'>)[] = [];
let session: ChannelOutput<'admin.session'>;
let page: VueWrapper | undefined;
let messages: (input: ChannelInput<'admin.messages'>) => Result<ChannelOutput<'admin.messages'>>;

const user = (n: number) => ({
  ...{ id: `u${n}`, username: `user${n}`, name: `User ${n}`, createdAt: 1, lastSeenAt: null, messages: n },
  storedBytes: 0,
});

beforeEach(async () => {
  vi.useFakeTimers();
  setActivePinia(createPinia());
  await setLocale('en', 'en-US');
  asked.length = 0;
  session = null;
  messages = () => ok({ rows: [], next: null, total: 0 });
  installBridge({
    admin: {
      session: async () => ok(session),
      login: async ({ username, password }) => {
        if (password !== 'right') return fail('wrong_credentials', '');
        session = { server: SERVER, username, endsAt: Date.now() + 3_600_000 };
        return ok(session);
      },
      logout: async () => ((session = null), ok(null)),
      statistics: async () => fail('server_unreachable', ''),
      users: async (input) => {
        asked.push(input);
        const from = Number(input.cursor ?? 0);
        const rows = Array.from({ length: 50 }, (_, n) => user(from + n));
        return session ? ok({ rows, next: String(from + 50), total: 200 }) : fail('unauthenticated', '');
      },
      messages: async (input) => (asked.push(input), messages(input)),
    },
  });
  const account = accountView(ACCOUNT, { server: SERVER, capabilities: ['admin'] });
  useAccountsStore().apply({ kind: 'accounts', accounts: accountsView([account]) });
});
afterEach(() => {
  page?.unmount();
  vi.useRealTimers();
});

async function show(tab: string): Promise<VueWrapper> {
  const router = createRouter({
    history: createMemoryHistory(),
    routes: [{ path: '/:tab?', name: 'admin', component: AdminScreen, props: true }],
  });
  await router.push(`/${tab}`);
  page = mount(AdminScreen, {
    props: { tab },
    attachTo: document.body,
    global: { plugins: [i18n, router], provide: OF_ACCOUNT },
  });
  await flushPromises();
  return page;
}
const names = (screen: VueWrapper): string[] => screen.findAll('td .name').map((name) => name.text());

describe('the console', () => {
  test('goes on at its tabs once somebody was let in: the keyboard is not lost, nor at the log-out', async () => {
    const screen = await show('users');
    const password = screen.find<HTMLInputElement>('input[type="password"]');
    password.element.focus();
    await password.setValue('right');
    await screen.find('form').trigger('submit');
    await flushPromises();
    expect(document.activeElement?.getAttribute('role')).toBe('tab');
    expect(document.activeElement?.textContent).toContain('People');
  });

  test('is the log-in and nothing else until the server lets somebody in, and names the server', async () => {
    const screen = await show('users');
    expect(screen.find('table').exists()).toBe(false);
    expect(screen.text()).toContain(SERVER);
    await screen.get('input[type="password"]').setValue('wrong');
    await screen.get('form').trigger('submit');
    await flushPromises();
    expect(screen.get('[role="alert"]').text()).not.toBe('');
    expect(asked).toEqual([]);
    await screen.get('input[type="password"]').setValue('right');
    await screen.get('form').trigger('submit');
    await flushPromises();
    expect(names(screen)).toHaveLength(50);
    expect(screen.get('.server').text()).toContain(SERVER);
  });

  test('turns pages by their cursors, both ways, and begins anew with another order', async () => {
    session = { server: SERVER, username: 'admin', endsAt: Date.now() + 3_600_000 };
    const screen = await show('users');
    const [back, forward] = screen.findAll('.foot button');
    expect(screen.get('.range').text()).toBe('1–50 of 200');
    expect(back?.attributes('disabled')).toBeDefined();
    await forward?.trigger('click');
    await flushPromises();
    expect([names(screen)[0], screen.get('.range').text()]).toEqual(['User 50', '51–100 of 200']);
    await back?.trigger('click');
    await flushPromises();
    expect(names(screen)[0]).toBe('User 0');
    await screen.get('th button').trigger('click');
    await flushPromises();
    expect(asked.at(-1)).toMatchObject({ sort: 'name' });
    expect(screen.get('th').attributes('aria-sort')).toBe('ascending');
    await screen.get('th button').trigger('click');
    await flushPromises();
    expect(asked.at(-1)).toMatchObject({ sort: '-name' });
  });

  test('searches on where the server stopped, until a page is full', async () => {
    session = { server: SERVER, username: 'admin', endsAt: Date.now() + 3_600_000 };
    const row = {
      ...{ id: 'm', chatId: 'c', senderId: 'u', senderName: 'Ann', text: 'found', files: 0 },
      createdAt: 1,
    };
    const screen = await show('messages');
    messages = ({ cursor }) =>
      cursor === 'far'
        ? ok({ rows: [row], next: null, total: null })
        : ok({ rows: [], next: cursor === undefined ? 'near' : 'far', total: null });
    asked.length = 0;
    await screen.get('input[type="search"]').setValue('found');
    await vi.advanceTimersByTimeAsync(300);
    await flushPromises();
    expect(asked.map(({ cursor }) => cursor)).toEqual([undefined, 'near', 'far']);
    expect(screen.get('td.is-text').text()).toBe('found');
  });

  test('follows when its session has ended, and says so; leaving is no news', async () => {
    session = { server: SERVER, username: 'admin', endsAt: Date.now() + 3_600_000 };
    const screen = await show('users');
    session = null;
    await vi.advanceTimersByTimeAsync(20_000);
    await flushPromises();
    expect(screen.find('table').exists()).toBe(false);
    const said = (): number => useUiStore().toasts.length;
    expect(said()).toBe(1);
    await screen.get('input[type="password"]').setValue('right');
    await screen.get('form').trigger('submit');
    await flushPromises();
    await screen.get('.who button').trigger('click');
    await flushPromises();
    expect([screen.find('table').exists(), session, said()]).toEqual([false, null, 1]);
  });

  test('shows its figures’ failure with a way to try again', async () => {
    session = { server: SERVER, username: 'admin', endsAt: Date.now() + 3_600_000 };
    const screen = await show('statistics');
    expect(screen.get('[role="alert"]').text()).toContain('Couldn’t load this');
  });
});
