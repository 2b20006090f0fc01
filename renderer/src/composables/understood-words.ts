/** A search in everyday words as it was understood, said back: "From Anna Bell · March 2026". */
import type { SearchUnderstood } from '#contract/ipc/found-views.ts';
import { useFormat } from '../i18n/use-format.ts';
import { useWords } from '../i18n/use-words.ts';

/** More than the days of a month: the span is a year. */
const MONTH_MS = 32 * 86_400_000;

export function useUnderstoodWords() {
  const { t } = useWords();
  const format = useFormat();
  /** @param now milliseconds since the epoch */
  return ({ people, after, before }: SearchUnderstood, now: number): string => {
    const names = people.map(({ name, me }) => (me ? t('common.you') : name)).join(', ');
    const isYear = after !== null && before !== null && before - after > MONTH_MS;
    const span = after === null ? '' : isYear ? String(new Date(after).getFullYear()) : format.month(after, now);
    const from = names === '' ? '' : t('found.from', { names });
    return [from, span].filter((word) => word !== '').join(' · ');
  };
}
