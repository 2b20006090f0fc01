// @vitest-environment happy-dom
/** Several accounts in one window: the rail names each with what it needs, and says which one is looked at. */
import { flushPromises, mount, type VueWrapper } from '@vue/test-utils';
import { createPinia, setActivePinia } from 'pinia';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createMemoryHistory, createRouter } from 'vue-router';
import type { AccountView, ConnectionView } from '#contract/ipc/views.ts';
import { ok } from '#contract/model/errors.ts';
import Toaster from '../../../renderer/src/features/app/Toaster.vue';
import LogOutDialog from '../../../renderer/src/features/auth/LogOutDialog.vue';
import AccountSwitcher from '../../../renderer/src/features/shell/AccountSwitcher.vue';
import { i18n, setLocale } from '../../../renderer/src/i18n/index.ts';
import { useChatListStore } from '../../../renderer/src/stores/account/chat-list.ts';
import { useConnectionStore } from '../../../renderer/src/stores/account/connection.ts';
import { useScreenStore } from '../../../renderer/src/stores/account/screen.ts';
import { useUnreadStore } from '../../../renderer/src/stores/account/unread.ts';
import { useAccountsStore } from '../../../renderer/src/stores/accounts.ts';
import { useUiStore } from '../../../renderer/src/stores/ui.ts';
import { ACCOUNT, accountsView, accountView, installBridge, OF_ACCOUNT, userView } from './bridge-double.ts';

const OTHER = 'http://localhost:4000 ada';
const me = accountView(ACCOUNT, { user: userView('me', { name: 'Ada Byron' }) });
const other = accountView(OTHER, { user: userView('ada', { name: 'Ada' }) });
let page: VueWrapper | undefined;
const screen = { render: () => null };
const router = createRouter({
  history: createMemoryHistory(),
  routes: [
    { path: '/', component: screen },
    { path: '/a/:account/chats/:chatId?', name: 'chats', component: screen },
    { path: '/a/:account/settings/:section?', name: 'settings', component: screen },
  ],
});

function open(...accounts: AccountView[]): void {
  useAccountsStore().apply({ kind: 'accounts', accounts: accountsView(accounts) });
}
function show(component: typeof AccountSwitcher): VueWrapper {
  page = mount(component, {
    attachTo: document.body,
    props: component === AccountSwitcher ? { side: 'right' } : {},
    global: { plugins: [i18n, router], provide: OF_ACCOUNT },
  });
  return page;
}
const connect = (accountId: string, phase: ConnectionView['phase']): void =>
  useConnectionStore(accountId).apply({ kind: 'connection', connection: { phase, retryAt: null, reason: null } });
const count = (accountId: string, messages: number): void =>
  useUnreadStore(accountId).apply({ kind: 'unread', unread: { messages, chats: 1 } });

beforeEach(async () => {
  setActivePinia(createPinia());
  await setLocale('en', 'en-GB');
});
afterEach(() => {
  page?.unmount();
  document.body.replaceChildren();
  vi.useRealTimers();
});

describe('the accounts in the rail', () => {
  const names = (rail: VueWrapper) => rail.findAll('button > .visually-hidden').map((name) => name.text());

  test('are not there while there is one', () => {
    open(me);
    expect(show(AccountSwitcher).find('[role="group"]').exists()).toBe(false);
  });

  test('stand in their order, with the one that is looked at marked', () => {
    open(other, me);
    const rail = show(AccountSwitcher);
    expect(rail.get('[role="group"]').attributes('aria-label')).toBe('Accounts');
    expect(names(rail)).toEqual(['Ada at localhost:4000', 'Ada Byron at relay.example.org']);
    expect(rail.findAll('button').map((button) => button.attributes('aria-current'))).toEqual([undefined, 'true']);
    expect(rail.findAll('button').map((button) => button.attributes('data-tooltip-keys'))).toEqual([
      'Ctrl+1',
      'Ctrl+2',
    ]);
  });

  test.each<{
    name: string;
    status: AccountView['status'];
    phase: ConnectionView['phase'];
    unread: number;
    says: string;
  }>([
    { name: 'unread', status: 'signed_in', phase: 'live', unread: 3, says: ', 3 unread messages' },
    { name: 'one unread', status: 'signed_in', phase: 'syncing', unread: 1, says: ', 1 unread message' },
    { name: 'cut off', status: 'signed_in', phase: 'waiting', unread: 0, says: ', offline' },
    {
      name: 'without a network',
      status: 'signed_in',
      phase: 'offline',
      unread: 2,
      says: ', offline, 2 unread messages',
    },
    { name: 'expired', status: 'expired', phase: 'waiting_auth', unread: 0, says: ', session expired' },
    { name: 'nothing', status: 'signed_in', phase: 'connecting', unread: 0, says: '' },
  ])('say what there is: $name', async ({ status, phase, unread, says }) => {
    open(me, { ...other, status });
    const rail = show(AccountSwitcher);
    connect(OTHER, phase);
    count(OTHER, unread);
    await flushPromises();
    expect(names(rail)).toEqual(['Ada Byron at relay.example.org', `Ada at localhost:4000${says}`]);
    expect(rail.findAll('.badge')).toHaveLength(unread > 0 ? 1 : 0);
  });

  test.each([
    ['the chat that was opened last', () => (useChatListStore(OTHER).lastChatId = 'c9'), '/chats/c9'],
    [
      'where the person was',
      () => (useScreenStore(OTHER).place = { screen: 'settings', section: 'about' }),
      '/settings/about',
    ],
    ['the list', () => undefined, '/chats'],
  ])('lead to %s', async (_name, prepare, place) => {
    open(me, other);
    prepare();
    useUiStore().open('palette');
    await show(AccountSwitcher).findAll('button')[1]?.trigger('click');
    await flushPromises();
    expect(decodeURIComponent(router.currentRoute.value.fullPath)).toBe(`/a/${OTHER}${place}`);
    expect(useUiStore().overlay).toBeNull();
  });
});

describe('a short word', () => {
  const said = () => page?.findAll('.text').map((text) => text.text());

  test('names the account it is about, while another one is on the screen', async () => {
    open(me, other);
    show(Toaster);
    const ui = useUiStore();
    ui.toast('of mine', { accountId: ACCOUNT });
    ui.toast('of the other', { accountId: OTHER });
    ui.toast('of nobody');
    await flushPromises();
    expect(said()).toEqual(['of mine', 'Ada at localhost:4000: of the other', 'of nobody']);
    installBridge({ accounts: { show: async () => ok(null) } });
    useAccountsStore().show(OTHER);
    await flushPromises();
    expect(said()).toEqual(['Ada Byron at relay.example.org: of mine', 'of the other', 'of nobody']);
  });

  test('names none where there is one', async () => {
    open(me);
    show(Toaster);
    useUiStore().toast('of mine', { accountId: ACCOUNT });
    await flushPromises();
    expect(said()).toEqual(['of mine']);
  });
});

describe('logging out', () => {
  async function ask(): Promise<string> {
    useUiStore().open('log-out');
    show(LogOutDialog);
    await flushPromises();
    return document.querySelector('[role="dialog"] h2')?.textContent ?? '';
  }

  test('asks about this account by its name where there are several, and is about no other', async () => {
    const logout = vi.fn(async (_input: { accountId: string; forget: boolean }) => ok(null));
    installBridge({ accounts: { logout } });
    open(other, me);
    expect(await ask()).toBe('Log out of Ada Byron at relay.example.org?');
    document.querySelector<HTMLButtonElement>('[role="dialog"] .is-primary')?.click();
    await flushPromises();
    expect(logout.mock.calls).toEqual([[{ accountId: ACCOUNT, forget: false }]]);
    expect(useUiStore().overlay).toBeNull();
  });

  test('needs no name where there is one', async () => {
    open(me);
    expect(await ask()).toBe('Log out?');
  });
});
