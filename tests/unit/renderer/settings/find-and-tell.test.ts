/** Settings by their words, and diagnostics as text. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Diagnostics } from '#contract/ipc/desktop-views.ts';
import { diagnosticsText } from '../../../../renderer/src/features/settings/diagnostics-text.ts';
import { findSettings, settingEntries } from '../../../../renderer/src/features/settings/settings-index.ts';

/** The words of a language by dotted key. */
function words(locale: 'en' | 'ru'): (key: string) => string {
  const folder = join(import.meta.dirname, '../../../../renderer/src/i18n');
  const read = (name: string): Record<string, unknown> =>
    JSON.parse(readFileSync(join(folder, name), 'utf8')) as Record<string, unknown>;
  const all = Object.fromEntries(
    ['', 'desktop.', 'calls.'].flatMap((part) => Object.entries(read(`${part}${locale}.json`))),
  );
  return (key) => {
    const found = key
      .split('.')
      .reduce<unknown>((at, part) => (at as Record<string, unknown> | undefined)?.[part], all);
    if (typeof found !== 'string') throw new Error(`no words for ${key}`);
    return found;
  };
}

describe('finding a setting', () => {
  const found = (locale: 'en' | 'ru', query: string): string[] =>
    findSettings(settingEntries(words(locale)), query).map(({ section, title }) => `${section}: ${title}`);

  it.each([
    ['en', 'quiet', 'notifications: Quiet hours'],
    ['en', 'HOURS', 'notifications: Quiet hours'],
    ['en', 'lock screen', 'notifications: What they show'],
    ['en', 'accent', 'appearance: Accent'],
    ['en', 'address', 'calls: Hide my address in calls'],
    ['ru', 'тих', 'notifications: Тихие часы'],
    ['ru', 'орфограф', 'system: Проверять орфографию'],
  ] as const)('%s: %s', (locale, query, first) => {
    expect(found(locale, query)[0]).toBe(first);
  });

  it('finds by titles first, nothing for nothing, and nothing for what is not there', () => {
    const both = found('en', 'start');
    expect(both.slice(0, 2)).toEqual(['system: Start with the computer', 'system: Start without a window']);
    expect(found('en', '   ')).toEqual([]);
    expect(found('en', 'teapot')).toEqual([]);
  });
});

describe('diagnostics as text', () => {
  it('have a line for each fact, in English, and nothing but facts', () => {
    const view: Diagnostics = {
      at: Date.UTC(2026, 0, 1),
      versions: [{ name: 'Relay', version: '1.0.0' }],
      system: {
        ...{ platform: 'linux', release: '6', arch: 'x64', locale: 'ru', packaged: true, safeMode: false },
        ...{ upSeconds: 5, memory: 9, onBattery: false, online: true },
      },
      accounts: [{ phase: 'waiting', reason: 'tls_failed', capabilities: 3 }],
      desktop: { autostart: 'off', tray: 'missing', notifications: true, reply: false, spelling: 'none' },
      notices: { shown: 2, silences: [{ why: 'quiet_hours', count: 4, last: Date.UTC(2026, 0, 1) }] },
      limits: ['tray_missing', 'no_spelling'],
      update: { phase: 'off', why: 'no_feed' },
      log: { files: 2, bytes: 100 },
    };
    expect(diagnosticsText(view).split('\n')).toEqual([
      'Relay diagnostics, 2026-01-01T00:00:00.000Z',
      'Relay: 1.0.0',
      'system.platform: linux',
      'system.release: 6',
      'system.arch: x64',
      'system.locale: ru',
      'system.packaged: true',
      'system.safeMode: false',
      'system.upSeconds: 5',
      'system.memory: 9',
      'system.onBattery: false',
      'system.online: true',
      'account.1: waiting, reason tls_failed, 3 capabilities',
      'desktop.autostart: off',
      'desktop.tray: missing',
      'desktop.notifications: true',
      'desktop.reply: false',
      'desktop.spelling: none',
      'notifications.shown: 2',
      'notifications.quiet_hours: 4, last 2026-01-01T00:00:00.000Z',
      'limits: tray_missing, no_spelling',
      'update: off, reason no_feed',
      'log: 2 files, 100 bytes',
      '',
    ]);
  });
});
