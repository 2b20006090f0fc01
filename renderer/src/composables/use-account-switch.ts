/** Switches to another open account, at the place where the user left it. */
import { useRouter } from 'vue-router';
import { useAccountsStore } from '../stores/accounts.ts';
import { useUiStore } from '../stores/ui.ts';
import { locationOf, placeOf } from './account-places.ts';
import { isCompact } from './use-compact.ts';

export function useAccountSwitch() {
  const router = useRouter();
  const accounts = useAccountsStore();
  const ui = useUiStore();

  /** Shows an account, closing any overlay of the previous one. */
  function switchTo(accountId: string): void {
    if (!accounts.get(accountId)) return;
    ui.close();
    void router.push(locationOf(accountId, placeOf(accountId, isCompact())));
  }

  return {
    switchTo,
    /** Shows the account at this index of the list, counted from 0. False when there is none. */
    switchToNth(index: number): boolean {
      const account = accounts.open[index];
      if (account) switchTo(account.id);
      return account !== undefined;
    },
    /** Opens the sign-in screen, with a way back. */
    add(): void {
      ui.close();
      void router.push({ name: 'sign-in' });
    },
  };
}
