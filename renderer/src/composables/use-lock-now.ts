import { useWords } from '../i18n/use-words.ts';
import { useLockStore } from '../stores/lock.ts';
import { useToast } from './use-toast.ts';

/** Returns a function that locks the application, and says why if it cannot. */
export function useLockNow(): () => Promise<void> {
  const { t, error } = useWords();
  const lock = useLockStore();
  const toast = useToast();
  return async () => {
    const result = await lock.lockNow();
    if (result.ok) return;
    const { code } = result.error;
    toast(code === 'call_busy' ? t('lock.inCall') : error(code), { tone: 'error' });
  };
}
