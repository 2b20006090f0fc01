/** Applies the user's settings to the document: theme, accent, sizes, language, title. */
import { computed, watch, watchEffect } from 'vue';
import { setLocale } from '../../i18n/index.ts';
import { pickLocale } from '../../i18n/locale.ts';
import { useWords } from '../../i18n/use-words.ts';
import { useBootStore } from '../../stores/boot.ts';
import { useEnvironmentStore } from '../../stores/environment.ts';
import { useAccountsStore } from '../../stores/accounts.ts';
import { useSettingsStore } from '../../stores/settings.ts';
import { useUnreadSumStore } from '../../stores/unread-sum.ts';

export function useAppearance(): void {
  const settings = useSettingsStore();
  const environment = useEnvironmentStore();
  const sum = useUnreadSumStore();
  const boot = useBootStore();
  const accounts = useAccountsStore();
  const { t } = useWords();
  const root = document.documentElement;

  watchEffect(() => {
    const { theme, accent, textSize, density, chatLight, moreContrast } = settings.settings;
    if (theme === 'system') delete root.dataset['theme'];
    else root.dataset['theme'] = theme;
    root.dataset['accent'] = accent;
    root.dataset['textSize'] = textSize;
    root.dataset['density'] = density;
    root.dataset['chatLight'] = chatLight ? 'on' : 'off';
    root.dataset['contrast'] = moreContrast ? 'more' : 'normal';
  });

  const locale = computed(() => pickLocale(settings.settings.language, environment.systemLocale));
  watch([locale, () => environment.systemLocale], async ([next]) => {
    if (boot.phase === 'ready') await setLocale(next, environment.systemLocale);
  });

  watchEffect(() => {
    if (boot.phase === 'loading') return;
    const count = sum.unread.messages;
    const { current } = accounts;
    // Distinguishes two people's windows side by side.
    const whose = current ? `${t('common.appName')} – ${current.user.name}` : t('common.appName');
    document.title = count > 0 ? `(${String(count)}) ${whose}` : whose;
  });
}
