import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  createSettingsService,
  DEFAULT_SETTINGS,
} from '../../../../electron/main/services/settings/settings-service.ts';
import { fileDocument, ownFolder, recordingLogger } from '../../../helpers/main-parts.ts';

let own: Awaited<ReturnType<typeof ownFolder>>;
beforeEach(async () => {
  own = await ownFolder();
});
afterEach(() => own.remove());

describe('settings', () => {
  it('begin with the defaults and are kept', () => {
    const document = fileDocument(own.folder, 'settings');
    const first = createSettingsService(document, recordingLogger());
    expect(first.view()).toEqual(DEFAULT_SETTINGS);
    const heard: string[] = [];
    const undo = first.onChanged((view) => heard.push(view.theme));
    expect(first.update({ theme: 'dark', sendTyping: false })).toEqual({
      ok: true,
      value: { ...DEFAULT_SETTINGS, theme: 'dark', sendTyping: false },
    });
    undo();
    first.update({ theme: 'light', language: undefined });
    expect(heard).toEqual(['dark']);
    const second = createSettingsService(document, recordingLogger());
    expect(second.view()).toEqual({ ...DEFAULT_SETTINGS, theme: 'light', sendTyping: false });
  });

  it('lose a bad value to its default, with a word in the log, and keep the good ones', () => {
    const document = fileDocument(own.folder, 'settings');
    document.write({
      theme: 'purple',
      accent: 'pink',
      language: 'ru',
      textSize: 5,
      enterSends: null,
      ofALaterVersion: { x: 1 },
    });
    const logger = recordingLogger();
    const settings = createSettingsService(document, logger);
    expect(settings.view()).toEqual({ ...DEFAULT_SETTINGS, language: 'ru' });
    expect(logger.of('settings.value_dropped').map(({ fields }) => fields['name'])).toEqual([
      'theme',
      'textSize',
      'enterSends',
      'accent',
    ]);
    settings.update({ theme: 'dark' });
    expect(document.read()['ofALaterVersion']).toEqual({ x: 1 });
  });

  it('hold until the end of the program when the disk does not take them', () => {
    const document = fileDocument(`${own.folder}/missing`, 'settings');
    const settings = createSettingsService(document, recordingLogger());
    expect(settings.update({ theme: 'dark' })).toMatchObject({ ok: false, error: { code: 'storage_failed' } });
    expect(settings.view().theme).toBe('dark');
  });

  it('take other paths of operations only when they fit', () => {
    const document = fileDocument(own.folder, 'settings');
    document.write({
      paths: {
        music: '/library/tracks',
        history: '/conversations/{chatId}/history',
        sendMessage: 'https://evil.example/send',
        user: '/people/{name}',
        chats: '//evil.example/chats',
        me: '/../admin',
        nothing: '/x',
      },
    });
    const logger = recordingLogger();
    expect(createSettingsService(document, logger).paths()).toEqual({
      music: '/library/tracks',
      history: '/conversations/{chatId}/history',
    });
    expect(logger.of('settings.path_dropped')).toHaveLength(4);
  });
});
