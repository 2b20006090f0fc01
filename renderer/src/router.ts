/** The page's places. Hash history, so that a reload comes back to the same one without a server that knows it. */
import { createRouter, createWebHashHistory, type Router } from 'vue-router';
import type { SessionView } from '#contract/ipc/views.ts';
// With the page's first script: the screen that most starts lead to is there before the snapshot is.
import ChatsScreen from './features/chats/ChatsScreen.vue';
import AppShell from './features/shell/AppShell.vue';

declare module 'vue-router' {
  interface RouteMeta {
    /** For people who are not signed in. */
    outside?: boolean;
  }
}

/**
 * Routes and the guard that keeps them to the session: `status` is asked at each step, `startChat` where no place was
 * named, as at a start.
 */
export function createPageRouter(status: () => SessionView['status'], startChat: () => string | null): Router {
  const AuthScreen = () => import('./features/auth/AuthScreen.vue');
  const router = createRouter({
    history: createWebHashHistory(),
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
        path: '/',
        component: AppShell,
        children: [
          { path: '', redirect: () => ({ name: 'chats', params: { chatId: startChat() ?? '' } }) },
          {
            path: 'chats/:chatId?',
            name: 'chats',
            component: ChatsScreen,
            props: (route) => ({ chatId: first(route.params['chatId']), messageId: first(route.query['m']) }),
          },
          {
            path: 'settings/:section?',
            name: 'settings',
            component: () => import('./features/settings/SettingsScreen.vue'),
            props: (route) => ({ section: first(route.params['section']) }),
          },
        ],
      },
      { path: '/:rest(.*)*', redirect: { name: 'chats' } },
    ],
  });

  router.beforeEach((to) => {
    const outside = to.meta.outside === true;
    if (status() === 'signed_out') return outside || { name: 'sign-in' };
    return !outside || { name: 'chats' };
  });
  return router;
}

/** One value of what an address may hold several of or none: null where there is none. */
function first(value: unknown): string | null {
  const one: unknown = Array.isArray(value) ? value[0] : value;
  return typeof one === 'string' && one !== '' ? one : null;
}
