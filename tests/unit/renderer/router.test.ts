// @vitest-environment happy-dom
/** Which places there are, and that none of an account that is not open can be gone to. */
import { flushPromises } from '@vue/test-utils';
import { createPinia, setActivePinia } from 'pinia';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createMemoryHistory, type Router } from 'vue-router';
import { ok } from '#contract/model/errors.ts';
import { followAccounts, followWantedPlaces } from '../../../renderer/src/navigation.ts';
import { createPageRouter } from '../../../renderer/src/router.ts';
import { useChatListStore } from '../../../renderer/src/stores/account/chat-list.ts';
import { useScreenStore } from '../../../renderer/src/stores/account/screen.ts';
import { useAccountsStore } from '../../../renderer/src/stores/accounts.ts';
import { useUiStore } from '../../../renderer/src/stores/ui.ts';
import { accountsView, accountView, installBridge } from './bridge-double.ts';

const X = 'http://localhost:4000 me';
const Y = 'https://two.example.org you';
const at = (account: string, rest: string): string => `/a/${encodeURIComponent(account)}/${rest}`;
const told: string[] = [];
let isNarrow = false;

function open(...ids: string[]): void {
  useAccountsStore().apply({ kind: 'accounts', accounts: accountsView(ids.map((id) => accountView(id))) });
}
function router(): Router {
  return createPageRouter(createMemoryHistory());
}
/** Where an address leads. */
async function led(page: Router, to: string): Promise<string> {
  await page.push(to);
  return decoded(page);
}
/** The place as a person would write it. */
function decoded({ currentRoute: { value } }: Router): string {
  return decodeURIComponent(value.fullPath);
}

beforeEach(() => {
  setActivePinia(createPinia());
  told.length = 0;
  isNarrow = false;
  vi.stubGlobal('matchMedia', () => ({ matches: isNarrow, addEventListener: vi.fn(), removeEventListener: vi.fn() }));
  installBridge({
    accounts: {
      show: async ({ accountId }) => {
        told.push(accountId);
        return ok(null);
      },
    },
  });
});
afterEach(() => void vi.unstubAllGlobals());

describe('while nobody is signed in', () => {
  test.each([
    ['/', '/sign-in'],
    ['/sign-in', '/sign-in'],
    ['/register', '/register'],
    ['/chats/c1', '/sign-in'],
    ['/settings', '/sign-in'],
    [at(X, 'chats/c1'), '/sign-in'],
    ['/nowhere/at/all', '/sign-in'],
  ])('%s leads to %s', async (to, place) => {
    expect(await led(router(), to)).toBe(place);
  });
});

describe('with accounts open', () => {
  test.each([
    ['its own chat', at(Y, 'chats/c1'), `/a/${Y}/chats/c1`],
    ['a message of it', at(Y, 'chats/c1?m=m7'), `/a/${Y}/chats/c1?m=m7`],
    ['its settings', at(Y, 'settings/account'), `/a/${Y}/settings/account`],
    ['an account without a place', at(Y, ''), `/a/${Y}/chats`],
    ['nothing', '/', `/a/${X}/chats`],
    ['an address from before', '/chats/c1?m=m7', `/a/${X}/chats/c1?m=m7`],
    ['a section from before', '/settings/appearance', `/a/${X}/settings/appearance`],
    ['nowhere', '/nowhere/at/all', `/a/${X}/chats`],
    ['an account that is not open', at('https://three.example.org me', 'chats/c1'), `/a/${X}/chats`],
    ['signing in, to add an account', '/sign-in', '/sign-in'],
    ['registering, to add an account', '/register', '/register'],
  ])('%s', async (_name, to, place) => {
    open(X, Y);
    expect(await led(router(), to)).toBe(place);
  });

  test('what is not named stays in the account that is looked at', async () => {
    open(X, Y);
    const page = router();
    await page.push(at(Y, 'chats'));
    await page.push({ name: 'chats', params: { chatId: 'c2' } });
    expect(decoded(page)).toBe(`/a/${Y}/chats/c2`);
    await page.push({ name: 'settings' });
    expect(decoded(page)).toBe(`/a/${Y}/settings`);
    expect(await led(page, '/chats/c3')).toBe(`/a/${Y}/chats/c3`);
  });

  test('a start begins at the chat that was opened last, and with the list where there is one column', async () => {
    open(X);
    useChatListStore(X).lastChatId = 'c9';
    expect(await led(router(), '/')).toBe(`/a/${X}/chats/c9`);
    setActivePinia(createPinia());
    open(X);
    useChatListStore(X).lastChatId = 'c9';
    isNarrow = true;
    expect(await led(router(), '/')).toBe(`/a/${X}/chats`);
  });

  test('a place is kept for its account, without the message that was asked for there', async () => {
    open(X, Y);
    const page = router();
    await page.push(at(X, 'chats/c1?m=m7'));
    await page.push(at(Y, 'settings/account'));
    expect(useScreenStore(X).place).toEqual({ screen: 'chats', chatId: 'c1' });
    expect(useScreenStore(Y).place).toEqual({ screen: 'settings', section: 'account' });
    expect(await led(page, at(X, ''))).toBe(`/a/${X}/chats/c1`);
    expect(await led(page, at(Y, ''))).toBe(`/a/${Y}/settings/account`);
  });

  test('main is told which account is looked at, once for each change', async () => {
    open(X, Y);
    const page = router();
    for (const to of [at(X, 'chats'), at(X, 'settings'), at(Y, 'chats'), at(Y, 'chats/c1'), '/sign-in', at(X, 'chats')])
      await page.push(to);
    expect(told).toEqual([Y, X]);
  });
});

test('a way that was not gone to its end changes nothing', async () => {
  open(X, Y);
  const page = router();
  await page.push(at(X, 'chats'));
  page.beforeEach(() => false);
  await page.push(at(Y, 'chats/c1'));
  expect([told, useScreenStore(Y).place, decoded(page)]).toEqual([[], null, `/a/${X}/chats`]);
});

describe('by itself the page goes', () => {
  async function standing(to: string): Promise<Router> {
    const page = router();
    await page.push(to);
    followAccounts(page);
    followWantedPlaces(page);
    return page;
  }

  test('in with the first account, and out with the last', async () => {
    const page = await standing('/');
    expect(decoded(page)).toBe('/sign-in');
    open(X);
    await flushPromises();
    expect(decoded(page)).toBe(`/a/${X}/chats`);
    open();
    await flushPromises();
    expect(decoded(page)).toBe('/sign-in');
  });

  test('to another account when the one that is looked at is closed, to where the person was in it', async () => {
    open(X, Y);
    const page = await standing(at(Y, 'chats/c2'));
    await page.push(at(X, 'chats/c1'));
    useUiStore().open('palette');
    open(Y);
    await flushPromises();
    expect([decoded(page), useUiStore().overlay]).toEqual([`/a/${Y}/chats/c2`, null]);
  });

  test('nowhere when another account is closed or opened, also not from where one is added', async () => {
    open(X);
    const page = await standing(at(X, 'chats/c1'));
    useUiStore().open('palette');
    for (const ids of [[X, Y], [X], [Y, X]]) {
      open(...ids);
      await flushPromises();
      expect([decoded(page), useUiStore().overlay]).toEqual([`/a/${X}/chats/c1`, 'palette']);
    }
    await page.push('/sign-in');
    open(X);
    await flushPromises();
    expect(decoded(page)).toBe('/sign-in');
  });

  test('to a place that was asked for, in whichever account, also one that opens only now', async () => {
    open(X);
    const page = await standing(at(X, 'chats'));
    const ui = useUiStore();
    ui.open('palette');
    ui.applyOf(X)({ kind: 'open', chatId: 'c4', messageId: 'm4' });
    await flushPromises();
    expect([decoded(page), ui.wanted, ui.overlay]).toEqual([`/a/${X}/chats/c4?m=m4`, null, null]);
    ui.applyOf(Y)({ kind: 'open', chatId: 'c5', messageId: null });
    await flushPromises();
    expect(decoded(page)).toBe(`/a/${X}/chats/c4?m=m4`);
    open(X, Y);
    await flushPromises();
    expect(decoded(page)).toBe(`/a/${Y}/chats/c5`);
  });
});
