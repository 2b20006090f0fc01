/** The stores that receive main's push events: the application's, and those of each open account. */
import type { AppEvent } from '#contract/ipc/push.ts';
import { useAccountsStore } from '../accounts.ts';
import { useCallsStore } from '../calls.ts';
import { useDesktopStore } from '../desktop.ts';
import type { PushTargets } from '../dispatcher.ts';
import { useLockStore } from '../lock.ts';
import { usePlayerStore } from '../player.ts';
import { useSettingsStore } from '../settings.ts';
import { useUiStore } from '../ui.ts';
import { useUpdatesStore } from '../updates.ts';
import { useUnreadSumStore } from '../unread-sum.ts';
import { useAccountStores } from './account-store.ts';
import { useChatsStore } from './chats.ts';
import { useConnectionStore } from './connection.ts';
import { useDownloadsStore } from './downloads.ts';
import { useExportsStore } from './exports.ts';
import { useLaterStore } from './later.ts';
import { useMessagesStore } from './messages.ts';
import { useMusicStore } from './music.ts';
import { usePartyStore } from './party.ts';
import { usePeopleStore } from './people.ts';
import { useTypingStore } from './typing.ts';
import { useUnreadStore } from './unread.ts';
import { useUploadsStore } from './uploads.ts';

/** All stores that mirror main's state. A closed account loses its stores; one that is opened starts with new ones. */
export function createPushTargets(): PushTargets {
  const accounts = useAccountsStore();
  const stores = useAccountStores();
  const ui = useUiStore();
  const calls = useCallsStore();
  let open = new Set<string>();

  function disposeClosed(event: AppEvent): void {
    if (event.kind !== 'accounts') return;
    const next = new Set(event.accounts.open.map(({ id }) => id));
    // Includes stores that a screen created while leaving, after its account was closed.
    for (const id of stores.accounts()) if (!open.has(id) || !next.has(id)) stores.dispose(id);
    open = next;
  }

  return {
    app: [
      useSettingsStore(),
      useLockStore(),
      { apply: disposeClosed },
      accounts,
      calls,
      useUnreadSumStore(),
      usePlayerStore(),
      useDesktopStore(),
      useUpdatesStore(),
    ],
    ofAccount(accountId) {
      // Notices for the user must not get lost, even if the account is only just opening.
      const words = { apply: ui.applyOf(accountId) };
      if (!accounts.get(accountId)) return [words];
      return [
        useConnectionStore(accountId),
        useUnreadStore(accountId),
        usePeopleStore(accountId),
        useTypingStore(accountId),
        useChatsStore(accountId),
        useMessagesStore(accountId),
        useUploadsStore(accountId),
        useDownloadsStore(accountId),
        useExportsStore(accountId),
        useLaterStore(accountId),
        useMusicStore(accountId),
        usePartyStore(accountId),
        { apply: calls.applyOf(accountId) },
        words,
      ];
    },
  };
}
