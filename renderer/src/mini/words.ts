/** The strings of the small window: those of calls alone, in both languages at once. */
import { createI18n } from 'vue-i18n';
import en from '../i18n/calls.en.json';
import ru from '../i18n/calls.ru.json';

export const words = createI18n({
  legacy: false,
  locale: 'en',
  messages: { en, ru },
  missingWarn: false,
  fallbackWarn: false,
});
