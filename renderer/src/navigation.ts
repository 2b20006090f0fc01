/** Automatic navigation: away from a closed account, into the first one, and to a requested place. */
import { watch } from 'vue';
import type { Router } from 'vue-router';
import { useAccountsStore } from './stores/accounts.ts';
import { useUiStore } from './stores/ui.ts';

/** Leaves an account when it is closed, and enters the first one opened. Returns a disposer. */
export function followAccounts(router: Router): () => void {
  const accounts = useAccountsStore();
  const ui = useUiStore();
  return watch(
    () => accounts.open.map(({ id }) => id),
    (now, before) => {
      const shown = router.currentRoute.value.params['account'];
      const isGone = typeof shown === 'string' && !now.includes(shown);
      // Any overlay belonged to it.
      if (isGone) ui.close();
      if (isGone || (before.length === 0 && now.length > 0)) void router.replace('/');
    },
  );
}

/** Goes where a notification, the tray or a link points, in any account. Returns a disposer. */
export function followWantedPlaces(router: Router): () => void {
  const accounts = useAccountsStore();
  const ui = useUiStore();
  return watch(
    // The account may still be opening.
    () => (ui.wanted && accounts.get(ui.wanted.accountId) ? ui.wanted : null),
    (place) => {
      if (!place) return;
      ui.wanted = null;
      ui.close();
      const to = {
        name: 'chats',
        params: { account: place.accountId, chatId: place.chatId },
        query: place.messageId ? { m: place.messageId } : {},
      };
      // Who comes from a notification wants to answer; a chat that opens takes the caret itself.
      void router.push(to).then(() => ui.wishWrite());
    },
    { immediate: true },
  );
}
