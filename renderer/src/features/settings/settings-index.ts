/** Every setting by its words, so that it can be found. Pure: the words come from outside. */
import { foldedWords } from '#contract/model/search-text.ts';

type SectionId =
  | 'account'
  | 'notifications'
  | 'appearance'
  | 'messaging'
  | 'calls'
  | 'storage'
  | 'system'
  | 'shortcuts'
  | 'diagnostics'
  | 'about';

export interface SettingEntry {
  section: SectionId;
  title: string;
  /** What is said below it: it is found by that, too. */
  text: string;
}

type Say = (key: string) => string;

/** All settings, in the order of the screen. */
export function settingEntries(t: Say): SettingEntry[] {
  const entry = (section: SectionId, title: string, text = ''): SettingEntry => ({ section, title, text });
  return [
    entry('account', t('settings.account.server')),
    entry('account', t('settings.account.kept')),
    entry('account', t('settings.account.others'), t('settings.account.addText')),
    entry('account', t('settings.account.out'), t('settings.account.outText')),
    entry('notifications', t('desktop.notices.show'), t('desktop.notices.showText')),
    entry('notifications', t('desktop.notices.content'), t('desktop.notices.contentText')),
    entry('notifications', t('desktop.notices.sound'), t('desktop.notices.soundText')),
    entry('notifications', t('desktop.notices.pause'), t('desktop.notices.pauseText')),
    entry('notifications', t('desktop.notices.hours'), t('desktop.notices.hoursText')),
    entry('appearance', t('settings.appearance.theme')),
    entry('appearance', t('settings.appearance.accent'), t('settings.appearance.accentText')),
    entry('appearance', t('settings.appearance.chatLight'), t('settings.appearance.chatLightText')),
    entry('appearance', t('settings.appearance.density'), t('settings.appearance.densityText')),
    entry('appearance', t('settings.appearance.textSize'), t('settings.appearance.textSizeText')),
    entry('appearance', t('settings.appearance.contrast'), t('settings.appearance.contrastText')),
    entry('appearance', t('settings.appearance.language'), t('settings.appearance.languageText')),
    entry('messaging', t('settings.messaging.send'), t('settings.messaging.sendEnter')),
    entry('messaging', t('settings.messaging.typing'), t('settings.messaging.typingText')),
    entry('messaging', t('settings.messaging.older'), t('settings.messaging.olderText')),
    entry('calls', t('calls.choices.mini'), t('calls.choices.miniText')),
    entry('calls', t('calls.choices.relayOnly'), t('calls.choices.relayOnlyText')),
    entry('storage', t('settings.storage.now')),
    entry('storage', t('settings.storage.limit'), t('settings.storage.limitText')),
    entry('system', t('desktop.system.close'), t('desktop.system.closeText')),
    entry('system', t('desktop.system.autostart'), t('desktop.system.autostartText')),
    entry('system', t('desktop.system.hidden'), t('desktop.system.hiddenText')),
    entry('system', t('desktop.system.spelling'), t('desktop.system.spellingText')),
    entry('shortcuts', t('shell.shortcuts')),
    entry('diagnostics', t('desktop.diagnostics.versions')),
    entry('diagnostics', t('desktop.diagnostics.log')),
    entry('diagnostics', t('desktop.diagnostics.limits')),
    entry('about', t('settings.about.updates'), t('desktop.updates.check')),
    entry('about', t('desktop.updates.automatic'), t('desktop.updates.automaticText')),
    entry('about', t('settings.about.license')),
  ];
}

/** Entries that have a word beginning with each word of the query; those found by their title come first. */
export function findSettings(entries: readonly SettingEntry[], query: string): SettingEntry[] {
  const words = foldedWords(query).trim().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [];
  const matches = (text: string): boolean => {
    const folded = ` ${foldedWords(text)}`;
    return words.every((word) => folded.includes(` ${word}`));
  };
  const byTitle = entries.filter(({ title }) => matches(title));
  const byText = entries.filter((entry) => !byTitle.includes(entry) && matches(`${entry.title} ${entry.text}`));
  return [...byTitle, ...byText];
}
