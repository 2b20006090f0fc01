/** Toasts about the account around the calling component. */
import { useAccountId } from '../stores/account/account-store.ts';
import { useUiStore, type Toast } from '../stores/ui.ts';

/** Returns a function that shows a toast: if another account is on the screen by then, the toast names this one. */
export function useToast(): (text: string, more?: Partial<Pick<Toast, 'tone' | 'action'>>) => void {
  const ui = useUiStore();
  const accountId = useAccountId();
  return (text, more = {}) => ui.toast(text, { ...more, accountId });
}
