/** Shows main's unsolicited notices as text, once each. */
import { watch } from 'vue';
import { useWords } from '../../i18n/use-words.ts';
import { useBootStore } from '../../stores/boot.ts';
import { useDesktopStore } from '../../stores/desktop.ts';
import { useUiStore, type Notice } from '../../stores/ui.ts';

export function useNotices(): void {
  const ui = useUiStore();
  const boot = useBootStore();
  const { t, error } = useWords();

  function words({ notice, code }: Notice): string {
    switch (notice) {
      case 'store_rebuilt':
        return t('notices.storeRebuilt');
      case 'outbox_rescued':
        return t('notices.outboxRescued');
      case 'chats_not_whole':
        return t('notices.chatsNotWhole');
      case 'send_failed':
        return code ? `${t('notices.sendFailed')} ${error(code)}` : t('notices.sendFailed');
    }
  }

  const desktop = useDesktopStore();
  watch(
    [() => desktop.told, () => boot.phase],
    () => {
      if (boot.phase !== 'ready') return;
      for (const what of desktop.takeTold()) ui.toast(t(`desktop.told.${what}`));
    },
    { immediate: true },
  );

  watch(
    [() => ui.notices, () => boot.phase],
    () => {
      if (boot.phase !== 'ready' || ui.notices.length === 0) return;
      for (const notice of ui.takeNotices()) {
        const tone = notice.notice === 'send_failed' ? 'error' : 'info';
        ui.toast(words(notice), { tone, accountId: notice.accountId });
      }
    },
    { immediate: true },
  );
}
