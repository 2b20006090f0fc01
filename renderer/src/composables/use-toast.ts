/** Short words at the bottom of the window, about the account around the calling component. */
import { useAccountId } from '../stores/account/account-store.ts';
import { useUiStore, type Toast } from '../stores/ui.ts';

/** Answers what shows one: another account may be on the screen when it does, and then it is named. */
export function useToast(): (text: string, more?: Partial<Pick<Toast, 'tone' | 'action'>>) => void {
  const ui = useUiStore();
  const accountId = useAccountId();
  return (text, more = {}) => ui.toast(text, { ...more, accountId });
}
