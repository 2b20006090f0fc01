/** Where the page goes by itself: out of an account that is closed, in with the first one, and to a place that was asked for. */
import { watch } from 'vue';
import type { Router } from 'vue-router';
import { useAccountsStore } from './stores/accounts.ts';
import { useUiStore } from './stores/ui.ts';

/** Leads away from an account that is closed, and in when the first one is opened. Answers the end of it. */
export function followAccounts(router: Router): () => void {
  const accounts = useAccountsStore();
  const ui = useUiStore();
  return watch(
    () => accounts.open.map(({ id }) => id),
    (now, before) => {
      const shown = router.currentRoute.value.params['account'];
      const isGone = typeof shown === 'string' && !now.includes(shown);
      // What lay over its screens was about it.
      if (isGone) ui.close();
      if (isGone || (before.length === 0 && now.length > 0)) void router.replace('/');
    },
  );
}

/** Goes where a notification, the tray or a link asks for, in whichever account that is. Answers the end of it. */
export function followWantedPlaces(router: Router): () => void {
  const accounts = useAccountsStore();
  const ui = useUiStore();
  return watch(
    // An account may be asked for while it is still being opened.
    () => (ui.wanted && accounts.get(ui.wanted.accountId) ? ui.wanted : null),
    (place) => {
      if (!place) return;
      ui.wanted = null;
      ui.close();
      void router.push({
        name: 'chats',
        params: { account: place.accountId, chatId: place.chatId },
        query: place.messageId ? { m: place.messageId } : {},
      });
    },
    { immediate: true },
  );
}
