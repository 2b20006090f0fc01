/** The page's routes. Hash history, so that a reload keeps its place without server support. */
import {
  createRouter,
  createWebHashHistory,
  type RouteLocation,
  type RouteLocationRaw,
  type Router,
  type RouterHistory,
} from 'vue-router';
// Part of the first script: the screen most starts lead to is ready before the snapshot arrives.
import ChatsScreen from './features/chats/ChatsScreen.vue';
import AccountShell from './features/shell/AccountShell.vue';
import { isCompact } from './composables/use-compact.ts';
import { locationOf, placeOf } from './composables/account-places.ts';
import { useScreenStore } from './stores/account/screen.ts';
import { useAccountsStore } from './stores/accounts.ts';
import { useCallsStore } from './stores/calls.ts';

declare module 'vue-router' {
  interface RouteMeta {
    /** For users who are not signed in, or who are adding an account. */
    outside?: boolean;
  }
}

const SIGN_IN = { name: 'sign-in', params: {} };

/**
 * Routes, and the guard that limits them to open accounts. Routes of an account contain its id; a route without one, or
 * with one that is not open, redirects to the current account.
 */
export function createPageRouter(history: RouterHistory = createWebHashHistory()): Router {
  const accounts = useAccountsStore();
  const calls = useCallsStore();
  const AuthScreen = () => import('./features/auth/AuthScreen.vue');

  /** The default place: in the account of the route if that is open. */
  const home = (to: RouteLocation): RouteLocationRaw => {
    const account = accounts.get(first(to.params['account'])) ?? accounts.current;
    return account ? locationOf(account.id, placeOf(account.id, isCompact())) : SIGN_IN;
  };
  /** A place in the current account. */
  const ofCurrent =
    (name: 'chats' | 'music' | 'settings') =>
    ({ params }: RouteLocation): RouteLocationRaw => {
      const { current } = accounts;
      return current ? { name, params: { ...params, account: current.id } } : SIGN_IN;
    };

  const router = createRouter({
    history,
    routes: [
      { path: '/sign-in', name: 'sign-in', component: AuthScreen, props: { mode: 'sign-in' }, meta: { outside: true } },
      {
        path: '/register',
        name: 'register',
        component: AuthScreen,
        props: { mode: 'register' },
        meta: { outside: true },
      },
      {
        path: '/a/:account',
        component: AccountShell,
        props: (route) => ({ accountId: first(route.params['account']) ?? '' }),
        children: [
          { path: '', redirect: home },
          {
            path: 'chats/:chatId?',
            name: 'chats',
            component: ChatsScreen,
            props: (route) => ({ chatId: first(route.params['chatId']), messageId: first(route.query['m']) }),
          },
          { path: 'calls', name: 'calls', component: () => import('./features/calls/CallsScreen.vue') },
          // Without a call there is nothing to show.
          {
            path: 'call',
            name: 'call',
            component: () => import('./features/calls/CallScreen.vue'),
            beforeEnter: () => calls.current !== null || '/',
          },
          {
            path: 'music/:tab?',
            name: 'music',
            component: () => import('./features/music/library/MusicScreen.vue'),
            props: (route) => ({ tab: first(route.params['tab']) }),
          },
          {
            path: 'settings/:section?',
            name: 'settings',
            component: () => import('./features/settings/SettingsScreen.vue'),
            props: (route) => ({ section: first(route.params['section']) }),
          },
          {
            path: 'admin/:tab?',
            name: 'admin',
            component: () => import('./features/admin/AdminScreen.vue'),
            props: (route) => ({ tab: first(route.params['tab']) }),
          },
        ],
      },
      { path: '/chats/:chatId?', redirect: ofCurrent('chats') },
      { path: '/music/:tab?', redirect: ofCurrent('music') },
      { path: '/settings/:section?', redirect: ofCurrent('settings') },
      { path: '/:rest(.*)*', redirect: home },
    ],
  });

  router.beforeEach((to) => to.meta.outside === true || accounts.get(first(to.params['account'])) !== null || home(to));
  router.afterEach((to, _from, failure) => {
    const accountId = first(to.params['account']);
    if (accountId === null || failure) return;
    accounts.show(accountId);
    const screen = useScreenStore(accountId);
    if (to.name === 'chats') screen.place = { screen: 'chats', chatId: first(to.params['chatId']) ?? '' };
    else if (to.name === 'music') screen.place = { screen: 'music', tab: first(to.params['tab']) ?? '' };
    else if (to.name === 'calls') screen.place = { screen: 'calls' };
    else if (to.name === 'settings') screen.place = { screen: 'settings', section: first(to.params['section']) ?? '' };
  });

  return router;
}

/** The value of a parameter that may be absent or repeated; null when there is none. */
function first(value: unknown): string | null {
  const one: unknown = Array.isArray(value) ? value[0] : value;
  return typeof one === 'string' && one !== '' ? one : null;
}
