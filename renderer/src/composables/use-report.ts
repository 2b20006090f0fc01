/** Reports a failed command as a toast; true when it worked. */
import type { Result } from '#contract/model/errors.ts';
import { useWords } from '../i18n/use-words.ts';
import { useToast } from './use-toast.ts';

export function useReport() {
  const { error } = useWords();
  const toast = useToast();
  return async (request: Promise<Result<unknown>>): Promise<boolean> => {
    const result = await request;
    if (!result.ok) toast(error(result.error.code), { tone: 'error' });
    return result.ok;
  };
}
