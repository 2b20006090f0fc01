/** How far an upload is, in words. */
import { computed, ref, watch, type Ref } from 'vue';
import type { UploadView } from '#contract/ipc/file-views.ts';
import { useFormat } from '../i18n/use-format.ts';
import { useWords } from '../i18n/use-words.ts';
import { createTransferRate } from './transfer-rate.ts';

/** Seconds from which the time left is given in minutes. */
const MINUTES_FROM = 90;

/** The part that has left, 0 to 1: never all of it before the server has answered. Pure. */
export function uploadPart(upload: Pick<UploadView, 'state' | 'sent' | 'size'>): number {
  if (upload.state === 'ready') return 1;
  return upload.size <= 0 ? 0 : Math.min(0.99, upload.sent / upload.size);
}

/** "6 s left", "3 min left"; follows a number of bytes that grows. Empty while it is not known. */
export function useTimeLeft(moved: () => { done: number; size: number } | null): Readonly<Ref<string>> {
  const { t } = useWords();
  const format = useFormat();
  let rate = createTransferRate();
  const seconds = ref<number | null>(null);
  watch(
    moved,
    (now) => {
      if (!now) {
        rate = createTransferRate();
        seconds.value = null;
        return;
      }
      rate.note(now.done, performance.now());
      seconds.value = rate.left(now.size - now.done);
    },
    { immediate: true },
  );
  return computed(() => {
    if (seconds.value === null) return '';
    const whole = Math.max(1, Math.ceil(seconds.value));
    return whole < MINUTES_FROM
      ? t('files.secondsLeft', { n: format.number(whole) })
      : t('files.minutesLeft', { n: format.number(Math.round(whole / 60)) });
  });
}

/** The second line of an upload: what it does, how far it is, or what is wrong. */
export function useUploadWords(upload: () => UploadView | null): Readonly<Ref<string>> {
  const { t, error } = useWords();
  const format = useFormat();
  const left = useTimeLeft(() => {
    const now = upload();
    return now?.state === 'sending' ? { done: now.sent, size: now.size } : null;
  });
  return computed(() => {
    const now = upload();
    if (!now) return '';
    const size = format.bytes(now.size);
    const with_ = (words: string): string => `${size} · ${words}`;
    switch (now.state) {
      case 'failed':
        return error(now.problem ?? 'internal');
      case 'waiting':
        return now.problem ? error(now.problem) : with_(t('files.waiting'));
      case 'sending': {
        const part = t('files.of', { part: format.bytes(now.sent), size });
        return left.value === '' ? part : `${part} · ${left.value}`;
      }
      case 'staging':
        return with_(t('files.staging'));
      case 'finishing':
        return with_(t('files.finishing'));
      case 'paused':
        return with_(t('files.paused'));
      case 'ready':
        return with_(t('files.ready'));
    }
  });
}
